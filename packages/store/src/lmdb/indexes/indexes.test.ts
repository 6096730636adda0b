import fc from 'fast-check';
import {
  compareForSort,
  valueAt,
  type CombinedScanPath,
  type IndexCondition,
  type IndexScanPath,
  type Json,
  type StoredDrop,
} from '@drops/ir';
import { expect, test } from 'vitest';
import type { Operation } from '../../store.js';
import { matchesPath } from './index-order.js';
import { derivedBytes, rowsOf } from '../testing/table-bytes.fixture.js';
import {
  add,
  brief,
  closeStore,
  drain,
  hide,
  merge,
  openTestStore,
  put,
  remove,
  scan,
  type TestStore,
} from '../testing/temporary-store.fixture.js';

const long = 'l'.repeat(300);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Json>(0, 1, -1, 2.5, -1e300, 1e300) },
  { weight: 3, arbitrary: fc.constantFrom<Json>('', 'a', 'ab', 'a\0', 'b', '\u{1f600}', '\uffee') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      long,
      `${long}a`,
      `${long}b`,
      'l'.repeat(256),
      `${'l'.repeat(255)}\u{1f600}`,
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Json>(null, true, false, [1], [2], {}, { p: 1 }) },
);
const key = fc.constantFrom('a', 'ab', 'b', 'c', 'd');
const fields = fc.record({ n: value, m: value }, { requiredKeys: [] });
const payload = fc.oneof({ weight: 6, arbitrary: fields }, fc.constant<Json>('text'));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.option(key, { freq: 4 }),
        payload,
        fc.option(fc.integer({ min: 1, max: 4 }), { freq: 4, nil: undefined }),
      )
      .map(([k, p, ttl]) => put('r', k, p, ttl)),
  },
  { weight: 2, arbitrary: fc.tuple(key, fields).map(([k, changes]) => merge('r', k, changes)) },
  key.map((k) => remove('r', k)),
  fc.integer({ min: 1, max: 30 }).map((tx) => hide('r', tx)),
  {
    weight: 2,
    arbitrary: fc.tuple(key, fc.constantFrom('n', 'm')).map(([k, name]) => add('r', k, [name], 1)),
  },
);
const step = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  wait: fc.constantFrom(0, 1, 1500),
});

const bound = fc.option(fc.record({ value: value.filter((v) => v !== null), inclusive: fc.boolean() }), {
  nil: undefined,
});
const condition: fc.Arbitrary<IndexCondition | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.array(value, { maxLength: 3 }).map((values): IndexCondition => ({ kind: 'in', values })),
  fc.constantFrom('', 'a', 'l', long, '\u{1f600}').map((text): IndexCondition => ({ kind: 'prefix', text })),
  fc
    .tuple(bound, bound)
    .filter(([lower, upper]) => lower !== undefined || upper !== undefined)
    .map(([lower, upper]): IndexCondition => ({
      kind: 'range',
      ...(lower && { lower }),
      ...(upper && { upper }),
    })),
);
type Ask = Pick<IndexScanPath, 'equal' | 'next' | 'order' | 'rows'> & { readonly compound: boolean };
const ask: fc.Arbitrary<Ask> = fc
  .tuple(
    fc.boolean(),
    fc.option(value, { nil: undefined }),
    condition,
    fc.nat(5),
    fc.constantFrom('all', 'entities'),
  )
  .map(([compound, first, next, order, rows]) => {
    const equal = first === undefined ? [] : [first];
    const left = (compound ? 2 : 1) - equal.length;
    const sorted = left === 0 ? 0 : order % (left + 1);
    return {
      compound,
      equal,
      ...(next && left > 0 && { next }),
      order:
        sorted === 0
          ? { kind: 'natural' }
          : order > 3
            ? { kind: 'groups', fields: sorted }
            : { kind: 'values', fields: sorted, descending: sorted === 1 && order > 1 },
      rows,
    };
  });

const define = (name: string, route: string, ...paths: readonly string[]) =>
  put('_indexes', name, { route, fields: paths.map((path) => [path]), created: 'manual' });

/** What an index scan has to give, out of a scan of everything. */
function expected(all: readonly StoredDrop[], path: IndexScanPath): readonly StoredDrop[] {
  const found = all.filter((drop) => matchesPath(path, drop));
  const { order, equal } = path;
  if (order.kind === 'natural') return found;
  const sorted = path.fields.slice(equal.length, equal.length + order.fields);
  const descending = order.kind === 'values' && order.descending;
  return found.toSorted((a, b) => {
    for (const field of sorted) {
      const compared = compareForSort(valueAt(a.payload, field), valueAt(b.payload, field), descending);
      if (compared !== 0) return compared;
    }
    if (order.kind === 'groups') return all.indexOf(a) - all.indexOf(b);
    return a.created_at < b.created_at
      ? -1
      : a.created_at > b.created_at
        ? 1
        : all.indexOf(a) - all.indexOf(b);
  });
}

function pathOf(store: TestStore, { compound, ...rest }: Ask): IndexScanPath {
  const snapshot = store.store.snapshot();
  const index = snapshot.indexes('r').find((i) => i.fields.length === (compound ? 2 : 1));
  snapshot.release();
  if (!index) throw new Error('the index is missing');
  return { kind: 'IndexScan', route: 'r', index: index.id, fields: index.fields, ...rest };
}

test('an index gives what a scan gives, whatever was written, now and after its transaction was let go', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.nat(12),
      fc.array(ask, { minLength: 6, maxLength: 6 }),
      async (steps, moment, asks) => {
        const opened = openTestStore(undefined, undefined, 'relaxed');
        const defineAll = () => opened.run(define('one', 'r', 'n'), define('two', 'r', 'n', 'm'));
        for (const [i, { operations, wait }] of steps.entries()) {
          if (i === moment) await defineAll();
          opened.clock.now += wait;
          await opened.run(...operations).catch(() => undefined);
        }
        if (moment >= steps.length) await defineAll();
        await opened.store.admin.indexesSettled();
        const snapshot = opened.store.snapshot();
        const all = drain(snapshot, scan('r'));
        const paths = asks.map((a) => pathOf(opened, a));
        for (const path of paths) {
          // What an index cannot tell apart is checked again by whoever asked.
          const given = drain(snapshot, path).filter((drop) => matchesPath(path, drop));
          expect(given).toEqual(expected(all, path));
        }
        const combined = combinedPaths(paths);
        const combinedRows = (path: CombinedScanPath) => all.filter((drop) => matchesPath(path, drop));
        for (const path of combined) {
          const given = drain(snapshot, path).filter((drop) => matchesPath(path, drop));
          expect(given).toEqual(combinedRows(path));
        }
        snapshot.release();
        for (const path of paths) expect(drain(snapshot, path)).toEqual(expected(all, path));
        for (const path of combined) expect(drain(snapshot, path)).toEqual(combinedRows(path));
        const bytes = derivedBytes(opened.environment);
        opened.store.admin.rebuild();
        expect(derivedBytes(opened.environment)).toEqual(bytes);
        await closeStore(opened);
      },
    ),
    { numRuns: 60 },
  );
});

/** What each two neighbours have in common, and what either of them gives. */
function combinedPaths(paths: readonly IndexScanPath[]): readonly CombinedScanPath[] {
  return paths.slice(1).flatMap((path, i) => {
    const rows = path.rows;
    const scans = [path, ...paths.slice(i, i + 1)].map((scan): IndexScanPath => ({
      ...scan,
      rows,
      order: { kind: 'natural' },
    }));
    return (['IndexIntersection', 'IndexUnion'] as const).map((kind) => ({ kind, route: 'r', scans, rows }));
  });
}

const many = (from: number, count: number): Operation[] =>
  Array.from({ length: count }, (_, i) =>
    put('r', `k${String(from + i).padStart(5, '0')}`, { n: (from + i) % 7, m: from + i }),
  );

const oneOf = (opened: TestStore, equal: readonly Json[]): IndexScanPath =>
  pathOf(opened, { compound: false, equal, order: { kind: 'natural' }, rows: 'all' });

test('an index is built beside other writers, in steps', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(...many(0, 3500));
  await opened.run(define('one', 'r', 'n'));
  const states = () =>
    opened.store
      .snapshot()
      .indexes('r')
      .map(({ state }) => state);
  expect(states()).toEqual(['building']);
  await opened.run(
    merge('r', 'k00003', { n: 100 }),
    merge('r', 'k03400', { n: 100 }),
    remove('r', 'k00010'),
    remove('r', 'k03499'),
  );
  await opened.store.admin.indexesSettled();
  expect(states()).toEqual(['ready']);
  const snapshot = opened.store.snapshot();
  expect(brief(drain(snapshot, oneOf(opened, [100]))).map(([k]) => k)).toEqual(['k00003', 'k03400']);
  const threes = drain(snapshot, scan('r')).filter((drop) => valueAt(drop.payload, ['n']) === 3);
  expect(drain(snapshot, oneOf(opened, [3]))).toEqual(threes);
});

test('a build that was cut off goes on when the store is opened', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(...many(0, 3500));
  await opened.run(define('one', 'r', 'n'));
  await closeStore(opened);
  const again = openTestStore(opened.path, undefined, 'relaxed');
  expect(again.store.snapshot().indexes('r')).toMatchObject([{ state: 'building' }]);
  await again.store.admin.indexesSettled();
  expect(again.store.snapshot().indexes('r')).toMatchObject([{ state: 'ready' }]);
  const bytes = rowsOf(again.environment.indexes);
  expect(bytes).toHaveLength(3500);
  again.store.admin.rebuild();
  expect(rowsOf(again.environment.indexes)).toEqual(bytes);
});

test('an index that is not defined any more leaves nothing', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(...many(0, 200), define('one', 'r', 'n'), define('two', 'r', 'n', 'm'));
  await opened.store.admin.indexesSettled();
  const snapshot = opened.store.snapshot();
  const path = oneOf(opened, [3]);
  expect(rowsOf(opened.environment.indexes)).toHaveLength(400);
  const before = drain(snapshot, path);
  await opened.run(remove('_indexes', 'one'));
  await opened.store.admin.indexesSettled();
  expect(rowsOf(opened.environment.indexes)).toHaveLength(200);
  expect(opened.store.snapshot().indexes('r')).toHaveLength(1);
  // A plan that still names it, and a snapshot from before, get the same rows.
  expect(drain(opened.store.snapshot(), path)).toEqual(before);
  expect(drain(snapshot, path)).toEqual(before);
});

test('a scan goes on from its place when its transaction is let go on the way', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(...many(0, 700), define('two', 'r', 'n', 'm'));
  for (const order of [{ kind: 'natural' }, { kind: 'values', fields: 1, descending: true }] as const) {
    const path = pathOf(opened, { compound: true, equal: [], order, rows: 'all' });
    const snapshot = opened.store.snapshot();
    const whole = drain(snapshot, path);
    const source = snapshot.run(path);
    const found = [...((await source?.next()) ?? [])];
    snapshot.release();
    await opened.run(put('r', 'k00001', { n: 0 }), put('r', 'k00400', { n: 6 }));
    for (let batch = await source?.next(); batch; batch = await source?.next()) found.push(...batch);
    expect(found).toEqual(whole);
  }
});

test('behind values that share a code the order is that of the values, not of the keys', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(
    put('r', 'a', { n: [1], m: 1 }),
    put('r', 'b', { n: [], m: 2 }),
    define('two', 'r', 'n', 'm'),
  );
  const order = { kind: 'values', fields: 2, descending: false } as const;
  const path = pathOf(opened, { compound: true, equal: [], order, rows: 'all' });
  expect(drain(opened.store.snapshot(), path).map((drop) => drop.key)).toEqual(['b', 'a']);
});

test('entries are gathered in turns, and rows come from a scan when the snapshot is let go meanwhile', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.run(define('one', 'r', 'n'), define('two', 'r', 'm'));
  const rows = Array.from({ length: 24_000 }, (_, i) => put('r', `k${i}`, { n: i % 2, m: i % 100 }));
  for (let i = 0; i < rows.length; i += 8000) await opened.run(...rows.slice(i, i + 8000));
  await opened.store.admin.indexesSettled();
  const snapshot = opened.store.snapshot();
  const scanOf = (name: string, upper: number): IndexScanPath => {
    const index = snapshot.indexes('r').find(({ fields }) => fields[0]?.[0] === name);
    const next = { kind: 'range', upper: { value: upper, inclusive: false } } as const;
    return {
      kind: 'IndexScan',
      route: 'r',
      index: index?.id ?? 0,
      fields: [[name]],
      equal: [],
      next,
      order: { kind: 'natural' },
      rows: 'all',
    };
  };
  const scans = [scanOf('n', 1), scanOf('m', 50)];
  const path: CombinedScanPath = { kind: 'IndexIntersection', route: 'r', scans, rows: 'all' };
  const wanted = drain(snapshot, scan('r')).filter((drop) => matchesPath(path, drop));
  expect(wanted.length).toBe(6000);
  const source = snapshot.run(path);
  // The first turn has read entries only.
  expect(source?.next()).toEqual([]);
  expect(brief(drain(snapshot, path))).toEqual(brief(wanted));
  snapshot.release();
  const late = [];
  for (let batch = source?.next(); Array.isArray(batch); batch = source?.next()) late.push(...batch);
  expect(brief(late)).toEqual(brief(wanted));
});
