import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnName } from '../../columns.js';
import { readerOf } from '../reader.js';
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
import { check, names, operation } from './testing/columns.fixture.js';

const step = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  /** Ms that pass before. */
  wait: fc.constantFrom(0, 0, 1, 900, 3000),
  sweep: fc.boolean(),
  wanted: fc.uniqueArray(fc.nat({ max: names.length - 1 }), { maxLength: 4 }),
  /** What becomes of the columns and the snapshot: held for some steps, or let go. */
  hold: fc.nat({ max: 3 }),
});

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
  const cache = createColumnCache(1 << 26, undefined, { rows: 1000, slice: 0 });
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
  await cache.close();
}, 30_000);
