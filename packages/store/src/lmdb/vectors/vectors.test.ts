import { compareStrings, readVector, unitVector, vectorIn, type Json } from '@drops/ir';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../store.js';
import { derivedBytes } from '../testing/table-bytes.fixture.js';
import {
  hide,
  merge,
  openTestStore,
  put,
  remove,
  type TestStore,
} from '../testing/temporary-store.fixture.js';

const route = 'docs';

/** Key or tx, and vector, of what the table holds. */
function held(
  { store }: TestStore,
  path = route,
): readonly (readonly [string | number, readonly number[]])[] {
  const snapshot = store.snapshot();
  try {
    const vectors = snapshot.vectors?.(path);
    if (!vectors) throw new Error('the newest state has vectors');
    const rows: (readonly [string | number, readonly number[]])[] = [];
    for (const { key, tx, vector } of vectors.after(0)) rows.push([key ?? tx, [...vector]]);
    expect(vectors.count).toBe(rows.length);
    return rows;
  } finally {
    snapshot.release();
  }
}

const unit = (...numbers: number[]): readonly number[] => [...unitVector(numbers)];

test('a vector is kept for as long as its version is live', async () => {
  const opened = openTestStore();
  await opened.run(
    put(route, 'a', { vector: [3, 4] }),
    put(route, 'b', { vector: [1, 0] }),
    put(route, 'c', { n: 1 }),
  );
  expect(held(opened)).toEqual([
    ['a', unit(3, 4)],
    ['b', unit(1, 0)],
  ]);
  await opened.run(
    put(route, 'a', { vector: [0, 2] }),
    remove(route, 'b'),
    merge(route, 'c', { vector: [1, 1] }),
  );
  expect(held(opened)).toEqual([
    ['a', unit(0, 1)],
    ['c', unit(1, 1)],
  ]);
  const { tx } = await opened.run(put(route, null, { vector: [5, 0] }), put(route, 'a', { vector: 'plain' }));
  expect(held(opened).map(([name]) => name)).toEqual(['c', tx - 1]);
  await opened.run(hide(route, tx - 1), merge(route, 'c', { vector: null }));
  expect(held(opened)).toEqual([]);
});

test('what has expired leaves with the sweep', async () => {
  const opened = openTestStore();
  await opened.run(put(route, 'a', { vector: [1, 2] }, 10), put(route, 'b', { vector: [1, 2] }));
  opened.clock.now += 11_000;
  await opened.sweep();
  expect(held(opened).map(([name]) => name)).toEqual(['b']);
});

test('the first vector fixes the dimension of its route, of no other, also when it is gone', async () => {
  const opened = openTestStore();
  await opened.run(put(route, 'a', { vector: [1, 2, 3] }));
  expect(await opened.refused(put(route, 'b', { vector: [1, 2] }))).toMatchObject({
    code: 'DIMENSION_MISMATCH',
  });
  await opened.run(put('docs/below', 'b', { vector: [1, 2] }), remove(route, 'a'));
  expect(await opened.refused(merge('docs/below', 'b', { vector: [1] }))).toMatchObject({
    code: 'DIMENSION_MISMATCH',
  });
  expect(await opened.refused(put(route, null, { vector: [1, 2] }))).toMatchObject({
    code: 'DIMENSION_MISMATCH',
  });
});

test('a unit that fails fixes no dimension', async () => {
  const opened = openTestStore();
  const both = [put(route, 'a', { vector: [1, 2] }), put(route, 'b', { vector: [1, 2, 3] })];
  expect(await opened.refused(...both)).toMatchObject({
    code: 'DIMENSION_MISMATCH',
    details: [{ index: 1 }],
  });
  expect(opened.get(route, 'a')).toBeUndefined();
  await opened.run(put(route, 'b', { vector: [1, 2, 3] }));
  expect(held(opened).map(([name]) => name)).toEqual(['b']);
});

test.each<[Json, string]>([
  [[], 'an empty list'],
  [[1, '2'], '"2" at place 1'],
  [[1, null], 'null at place 1'],
  [[[1]], '[1] at place 0'],
])('an array that is no vector is refused: %j', async (vector, found) => {
  const opened = openTestStore();
  const refusal = await opened.refused(put(route, 'a', { vector }));
  expect(refusal.code).toBe('INVALID_VECTOR');
  expect(refusal.message).toContain(found);
  expect(opened.get(route, 'a')).toBeUndefined();
});

test('a vector that is no array is data', async () => {
  const opened = openTestStore();
  await opened.run(
    put(route, 'a', { vector: 'north' }),
    put(route, 'b', { vector: { x: 1 } }),
    put(route, 'c', [1]),
  );
  expect(held(opened)).toEqual([]);
});

test('numbers that no float can hold keep their direction', () => {
  expect(unit(3e300, 4e300)).toEqual(unit(3, 4));
  expect(unit(3e-320, 4e-320)[0]).toBeCloseTo(0.6, 3);
  expect(unit(0, 0)).toEqual([0, 0]);
});

const key = fc.constantFrom('a', 'b', 'c');
const payload = fc.oneof<fc.Arbitrary<Json>[]>(
  fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 3 }).map((vector) => ({ vector })),
  fc.constant({ text: 'none' }),
  fc.constant({ vector: 'data' }),
);
const operation = fc.oneof<fc.Arbitrary<Operation>[]>(
  fc.tuple(key, payload).map(([k, p]) => put(route, k, p)),
  fc.tuple(key, payload).map(([k, p]) => put(route, k, p, 5)),
  payload.map((p) => put(route, null, p)),
  key.map((k) => remove(route, k)),
  fc.integer({ min: 1, max: 12 }).map((tx) => hide(route, tx)),
);

test('the table holds the vectors of the live drops, and a rebuild makes the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      async (units) => {
        const opened = openTestStore(undefined, undefined, 'relaxed');
        for (const unit of units) {
          // Units that are refused leave nothing.
          await opened.run(...unit).catch(() => undefined);
          opened.clock.now += 1000;
        }
        await opened.sweep();
        const snapshot = opened.store.snapshot();
        const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
        const live: (readonly [string | number, readonly number[]])[] = [];
        for (let batch = source?.next(); Array.isArray(batch); batch = source?.next()) {
          for (const drop of batch) {
            const vector = vectorIn(drop.payload);
            if (vector) live.push([drop.key ?? drop.tx, unit(...readVector(vector))]);
          }
        }
        snapshot.release();
        const sort = (rows: typeof live | ReturnType<typeof held>) =>
          rows.map((row) => JSON.stringify(row)).sort(compareStrings);
        expect(sort(held(opened))).toEqual(sort(live));
        const before = derivedBytes(opened.environment);
        opened.store.admin.rebuild();
        expect(derivedBytes(opened.environment)).toEqual(before);
      },
    ),
    { numRuns: 40 },
  );
});
