import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  compareForSort,
  indexRecord,
  payloadValue,
  type IndexScanPath,
  type Json,
  type RouteScanPath,
  type StoredDrop,
} from '@drops/ir';
import type { CountSource, Operation, RowCount } from '../../store.js';
import { matchesPath } from './index-order.js';
import { closeStore, drain, openTestStore } from '../testing/temporary-store.fixture.js';

const scan: RouteScanPath = { kind: 'RouteScan', route: 'r', subtree: false, rows: 'all' };

/** All counts of a source, those of the same values summed; undefined when it does not tell. */
function countsOf(source: CountSource): { counts: readonly RowCount[]; turns: number } | undefined {
  const sum: RowCount[] = [];
  for (let turns = 1; ; turns += 1) {
    const next = source.next();
    if (next === undefined) return undefined;
    if (next === null) return { counts: sum.filter(({ count }) => count > 0), turns };
    for (const { values, count } of next) {
      const last = sum.at(-1);
      if (last && JSON.stringify(last.values) === JSON.stringify(values)) {
        sum[sum.length - 1] = { values, count: last.count + count };
      } else sum.push({ values, count });
    }
  }
}

/** The same counts out of the rows. */
function countRows(rows: readonly StoredDrop[], path: IndexScanPath, by: number): readonly RowCount[] {
  const fields = path.fields.slice(path.equal.length, path.equal.length + by);
  const groups = new Map<string, { values: Json[]; count: number }>();
  for (const drop of rows) {
    if (!matchesPath(path, drop) || drop.key === '_access') continue;
    const values = fields.map((field) => payloadValue(drop.payload, field) ?? null);
    const text = JSON.stringify(values);
    const group = groups.get(text);
    if (group) group.count += 1;
    else groups.set(text, { values, count: 1 });
  }
  return [...groups.values()].sort((a, b) => {
    const orders = a.values.map((value, i) => compareForSort(value, b.values[i], false));
    return orders.find((order) => order !== 0) ?? 0;
  });
}

const scalar = fc.constantFrom<Json>(0, 1, -2.5, 'x', 'x\0y', '\u{1f600}', true, false, null);
const stored = fc.oneof(
  { weight: 20, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom<Json>([1], 'long'.repeat(100)) },
);
const row = fc.record({
  key: fc.option(fc.constantFrom('_access', ...Array.from({ length: 40 }, (_, i) => `k${i}`)), { freq: 5 }),
  payload: fc.record({ a: stored, b: scalar }, { requiredKeys: [] }),
  ttl: fc.option(fc.constantFrom(1, 1000), { freq: 3, nil: undefined }),
});
const path = fc
  .tuple(
    fc.nat(2),
    fc.array(scalar, { maxLength: 2 }),
    fc.constantFrom<'all' | 'entities'>('all', 'entities'),
  )
  .chain(([by, equal, rows]) =>
    fc
      .option(fc.array(scalar, { maxLength: 3 }), { nil: undefined })
      .map((values) => ({ by, equal, rows, ...(values && { values }) })),
  );

test('counts of an index are those of the rows, or nothing is said', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 120 }),
      fc.array(path, { minLength: 10, maxLength: 10 }),
      async (rows, paths) => {
        const test = openTestStore(undefined, undefined, 'relaxed');
        const definition = indexRecord({ route: 'r', fields: [['a'], ['b']], created: 'manual' });
        await test.run({ kind: 'put', route: '_indexes', key: 'i', payload: definition });
        const operations = rows.map(({ ttl, ...more }): Operation => ({
          kind: 'put',
          route: 'r',
          ...more,
          ...(ttl && { ttl }),
        }));
        await test.run(...operations);
        // Some have expired, and nobody swept.
        test.clock.now += 5000;
        const snapshot = test.store.snapshot();
        const all = drain(snapshot, scan);
        const [index] = snapshot.indexes('r');
        const whole = countsOf(snapshot.counts(scan, 0, ['_access']));
        expect(whole?.counts[0]?.count ?? 0).toBe(all.filter(({ key }) => key !== '_access').length);
        for (const { by, equal, rows: kind, values } of paths) {
          const asked: IndexScanPath = {
            kind: 'IndexScan',
            route: 'r',
            index: index?.id ?? 0,
            fields: [['a'], ['b']],
            equal,
            ...(values && equal.length < 2 && { next: { kind: 'in', values } }),
            order: { kind: 'natural' },
            rows: kind,
          };
          const depth = Math.min(by, 2 - equal.length);
          const counted = countsOf(snapshot.counts(asked, depth, ['_access']));
          if (counted) expect(counted.counts).toEqual(countRows(all, asked, depth));
          if (counted) told += 1;
        }
        snapshot.release();
        expect(countsOf(snapshot.counts(scan, 0, []))).toBeUndefined();
        await closeStore(test);
      },
    ),
    { numRuns: 40 },
  );
  expect(told).toBeGreaterThan(100);
});

test('large groups are counted in turns, and not once the snapshot is let go', async () => {
  const test = openTestStore(undefined, undefined, 'relaxed');
  const definition = indexRecord({ route: 'r', fields: [['a']], created: 'manual' });
  await test.run({ kind: 'put', route: '_indexes', key: 'i', payload: definition });
  const put = (i: number): Operation => ({ kind: 'put', route: 'r', key: null, payload: { a: i % 2 } });
  for (let i = 0; i < 6; i += 1) await test.run(...Array.from({ length: 20_000 }, (_, j) => put(j)));
  const snapshot = test.store.snapshot();
  const [index] = snapshot.indexes('r');
  const all: IndexScanPath = {
    kind: 'IndexScan',
    route: 'r',
    index: index?.id ?? 0,
    fields: [['a']],
    equal: [],
    order: { kind: 'natural' },
    rows: 'all',
  };
  const counted = countsOf(snapshot.counts(all, 1, []));
  expect(counted?.turns).toBeGreaterThan(2);
  expect(counted?.counts).toEqual([0, 1].map((value) => ({ values: [value], count: 60_000 })));
  expect(snapshot.countEntries(all, 500)).toBe(500);
  expect(snapshot.countEntries({ ...all, equal: [1] }, 200_000)).toBe(60_000);
  // Beyond fifty thousand rows the log is asked where rows are.
  snapshot.askSample('r');
  await test.store.admin.samplesSettled();
  const sample = snapshot.sample('r')?.payloads ?? [];
  const ones = sample.filter((payload) => JSON.stringify(payload) === '{"a":1}').length;
  expect(sample.length).toBe(500);
  expect(ones / sample.length).toBeCloseTo(0.5, 1);
  const source = snapshot.counts(all, 1, []);
  expect(source.next()).toHaveLength(1);
  snapshot.release();
  expect(source.next()).toBeUndefined();
});
