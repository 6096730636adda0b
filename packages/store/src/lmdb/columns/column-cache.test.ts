import fc from 'fast-check';
import { payloadValue, type Json, type StoredDrop } from '@drops/ir';
import { expect, test } from 'vitest';
import { cellKind, type Column, type ColumnName, type RouteColumns } from '../../columns.js';
import type { Operation, Snapshot } from '../../store.js';
import { readerOf } from '../environment.js';
import { readHead } from '../head.js';
import { createIndexRegistry } from '../indexes/index-registry.js';
import { createRoutes } from '../rows/routes.js';
import {
  add,
  closeStore,
  drain,
  openTestStore,
  put,
  remove,
  scan,
} from '../testing/temporary-store.fixture.js';
import { createColumnCache } from './column-cache.js';

const names: readonly ColumnName[] = [
  { path: ['n'] },
  { path: ['t'] },
  { path: ['o', 'n'] },
  { path: ['o'] },
  { path: ['l', 1] },
  { path: ['payload'] },
  { path: ['payload', 0] },
  { path: ['m'] },
  { system: 'key' },
  { system: 'created_at' },
];

const key = fc.constantFrom('a', 'ab', 'b', 'é', '😀', 'b\0', '\uffff', '_access');
const text = fc.constantFrom('x', 'y', 'ü', '"', 'a\\b', '', 'y'.repeat(2100));
const small = fc.integer({ min: -3, max: 3 });
const scalar = fc.oneof(small, text, fc.constantFrom(null, true, false, 0.5, 1e300, 2 ** 52));
const fields = {
  n: scalar,
  t: scalar,
  m: small,
  o: fc.oneof(scalar, fc.record({ n: scalar }, { requiredKeys: [], noNullPrototype: true })),
  l: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
  payload: scalar,
};
const object = fc.record(fields, { requiredKeys: [], noNullPrototype: true });
const payload = fc.oneof(
  { weight: 5, arbitrary: object },
  fc.constantFrom<Json>('text', 7, true, [1, 'z'], [[1]]),
);
const ttl = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 3 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ key: fc.option(key, { freq: 3 }), payload, ttl })
      .map(({ ttl: seconds, ...rest }): Operation => ({
        kind: 'put',
        route: 'r',
        ...rest,
        ...(seconds !== undefined && { ttl: seconds }),
      })),
  },
  fc.record({ key, changes: object }).map((rest): Operation => ({ kind: 'merge', route: 'r', ...rest })),
  key.map((k): Operation => ({ kind: 'delete', route: 'r', key: k })),
  fc.integer({ min: 1, max: 40 }).map((tx): Operation => ({ kind: 'hide', route: 'r', tx })),
  fc
    .record({ key, path: fc.constantFrom(['n'], ['m'], ['o', 'n'], ['o', 'k', 'z']), delta: small })
    .map((rest): Operation => ({ kind: 'increment', route: 'r', ...rest })),
  fc.constant<Operation>({ kind: 'put', route: 'other', key: 'k', payload: 1 }),
);

const step = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  /** Ms that pass before. */
  wait: fc.constantFrom(0, 0, 1, 900, 3000),
  sweep: fc.boolean(),
  wanted: fc.uniqueArray(fc.nat({ max: names.length - 1 }), { maxLength: 4 }),
  /** What becomes of the columns and the snapshot: held for some steps, or let go. */
  hold: fc.nat({ max: 3 }),
});

type Cell = { readonly kind: number; readonly value?: number | string };

function cellOf(column: Column, ordinal: number): Cell {
  const kind = column.kinds[ordinal] ?? -1;
  if (column.uniform !== undefined) expect(kind).toBe(column.uniform);
  if (kind === cellKind.number) return { kind, value: column.numbers?.[ordinal] ?? Number.NaN };
  if (kind === cellKind.text) return { kind, value: column.dictionary[column.codes?.[ordinal] ?? -1] ?? '?' };
  return { kind };
}

function cell(value: Json | undefined): Cell {
  if (value === undefined) return { kind: cellKind.missing };
  if (value === null) return { kind: cellKind.null };
  if (typeof value === 'boolean') return { kind: value ? cellKind.true : cellKind.false };
  if (typeof value === 'number') return { kind: cellKind.number, value };
  return typeof value === 'string' ? { kind: cellKind.text, value } : { kind: cellKind.other };
}

const valueOf = (drop: StoredDrop, name: ColumnName): Json | undefined =>
  'system' in name ? drop[name.system] : payloadValue(drop.payload, name.path);

function isExact(columns: RouteColumns, column: Column): boolean {
  const numbers = [...(column.numbers ?? [])].filter((_, i) => column.kinds[i] === cellKind.number);
  const live = numbers.filter((_, i) => columns.live?.[i] !== 0);
  return live.every(Number.isInteger) && live.reduce((sum, n) => sum + Math.abs(n), 0) <= 2 ** 53;
}

/** The columns say what a scan of the same snapshot says, cell by cell. */
function check(snapshot: Snapshot, columns: RouteColumns, wanted: readonly ColumnName[], route = 'r'): void {
  const drops = drain(snapshot, scan(route));
  const all = Array.from({ length: columns.size }, (_, i) => i);
  const inOrder = columns.order() ?? all.filter((i) => columns.live?.[i] !== 0);
  expect(columns.count).toBe(drops.length);
  expect([...inOrder].map((i) => columns.drop(i))).toEqual(drops);
  expect(inOrder.length).toBe(drops.length);
  const rows = [...inOrder].map((i) => columns.columns.map((column) => cellOf(column, i)));
  expect(rows).toEqual(drops.map((drop) => wanted.map((name) => cell(valueOf(drop, name)))));
  expect([...inOrder].map((i) => columns.entities?.[i] !== 0)).toEqual(
    drops.map((drop) => drop.key !== null),
  );
  for (const column of columns.columns) {
    expect(new Set(column.dictionary).size).toBe(column.dictionary.length);
    expect(column.kinds.length).toBe(columns.size);
    if (column.whole) expect(isExact(columns, column)).toBe(true);
  }
  for (const [i, drop] of drops.entries()) {
    if (drop.key !== null) expect(columns.ordinalOf(drop.key)).toBe(inOrder[i]);
  }
  expect(columns.ordinalOf('never')).toBeUndefined();
}

async function run(
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  memory?: number,
) {
  const opened = openTestStore(undefined, undefined, 'relaxed', undefined, memory);
  const { store, clock } = opened;
  let held: { readonly until: number; readonly test: () => void; readonly release: () => void }[] = [];
  let refused = 0;
  const known = new Map<object, string>();
  for (const [i, { operations, wait, sweep, wanted, hold }] of steps.entries()) {
    clock.now += wait;
    await opened.run(...operations).catch(() => undefined);
    if (sweep) await opened.sweep();
    const snapshot = store.snapshot();
    const asked = wanted.map((n) => names[n] ?? { path: [] });
    const columns = snapshot.columns?.('r', asked);
    // Nobody else holds them and there is room: then there must be some.
    if (!columns && held.length === 0 && memory === undefined) {
      expect(drain(snapshot, scan('r'))).toEqual([]);
    }
    if (!columns) refused += 1;
    if (columns?.keys) {
      const keyed = drain(snapshot, scan('r')).flatMap((drop) => drop.key ?? []);
      const places = JSON.stringify(keyed.map((name) => [name, columns.ordinalOf(name)]));
      expect(known.get(columns.keys) ?? places).toBe(places);
      known.set(columns.keys, places);
    }
    const test = () => columns && check(snapshot, columns, asked);
    const release = () => {
      columns?.release();
      snapshot.release();
    };
    test();
    held.push({ until: i + hold, test, release });
    for (const holder of held) holder.test();
    for (const holder of held) if (holder.until <= i) holder.release();
    held = held.filter(({ until }) => until > i);
    const { bytes } = store.admin.columnUse();
    if (memory !== undefined) expect(bytes).toBeLessThanOrEqual(memory);
  }
  for (const holder of held) holder.release();
  await closeStore(opened);
  return refused;
}

test('columns say what a scan says, whatever was written, held or expired', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async (steps) => {
      await run(steps);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test('with little memory some columns go, and none is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 6000 }),
      async (steps, memory) => {
        const refused = await run(steps, memory);
        if (memory === 0) expect(refused).toBe(steps.length);
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

test('a large route is built between other work, and is right whatever was written meanwhile', async () => {
  const { store, environment, run: commit, clock } = openTestStore(undefined, undefined, 'relaxed');
  const keyOf = (i: number) => `k${String(i * 7919).padStart(8, '0')}`;
  await commit(
    ...Array.from({ length: 2500 }, (_, i) =>
      put('r', i % 5 === 0 ? null : keyOf(i), { n: i, t: `t${i % 9}` }),
    ),
  );
  const indexes = createIndexRegistry(environment, readerOf(), () => clock.now);
  const views = { environment, routes: createRoutes(environment), indexes };
  const cache = createColumnCache(1 << 26, { rows: 1000, slice: 0 });
  const wanted: readonly ColumnName[] = [{ path: ['n'] }, { path: ['t'] }, { system: 'key' }];

  const look = (asked: readonly ColumnName[]): boolean => {
    const snapshot = store.snapshot();
    const transaction = environment.root.useReadTransaction();
    const reader = readerOf(transaction);
    const view = {
      ...views,
      reader,
      tx: readHead(environment, reader).tx,
      now: snapshot.now,
      past: false,
      parsers: undefined,
    };
    const columns = cache.open(() => view, 'r', asked);
    if (columns) check(snapshot, columns, asked);
    columns?.release();
    transaction.done();
    snapshot.release();
    return columns !== undefined;
  };

  let writes = 0;
  const writeSome = async (): Promise<void> => {
    writes += 1;
    clock.now += 10;
    await commit(
      put('r', keyOf((writes * 613) % 2500), { n: -writes, t: 'new' }),
      put('r', `n${writes}`, { n: 1 }),
      put('r', null, { n: 2 }),
      add('r', keyOf((writes * 211) % 2500), ['n'], 1),
      { kind: 'hide', route: 'r', tx: 1 + writes * 5 },
    );
    await commit(remove('r', keyOf(1 + writes * 5))).catch(() => undefined);
  };
  expect(look(wanted)).toBe(false);
  while (!look(wanted)) await writeSome();
  expect(writes).toBeGreaterThan(3);
  await writeSome();
  expect(look(wanted)).toBe(true);
  expect(look([{ path: ['nothing'] }])).toBe(false);
  expect(look(wanted)).toBe(true);
  while (!look([{ path: ['nothing'] }])) await writeSome();
  expect(look([...wanted, { path: ['nothing'] }])).toBe(true);
  cache.close();
}, 30_000);
