import { describe, expect, test } from 'vitest';
import type { Json, StoredDrop } from '@drops/ir';
import type { Pacer } from '../pacer.js';
import { batchSize, dropRow, starOf, type Batch, type Row } from '../row.js';
import { sortOrder } from '../order.js';
import { ascending, payload } from '../testing/relations.fixture.js';
import { accumulatorOf } from './aggregate.js';
import { canonicalText } from './canonical-text.js';
import { expandRows } from './expand.js';
import { filterRows } from './filter.js';
import { groupRows } from './group.js';
import { hashJoin } from './hash-join.js';
import { indexLookupJoin } from './index-lookup-join.js';
import { pageRows, type PageState } from './page.js';
import { sliceRows } from './slice.js';
import { sortRows } from './sort.js';
import type { Source } from './source.js';
import { topRows } from './top.js';

const expressions = { now: 0, answers: new Map() };
const steady: Pacer = { tick: () => undefined };
/** Gives others their turn every other time: work goes on in between. */
function alternating(): Pacer {
  let due = false;
  return {
    tick() {
      due = !due;
      return due ? Promise.resolve() : undefined;
    },
  };
}

function dropOf(tx: number, value: Json): StoredDrop {
  return {
    drop_id: `d${tx}`,
    route: 'r',
    key: `k${tx}`,
    source: null,
    payload: { v: value },
    created_at: '2026-01-01T00:00:00.000Z',
    version: 1,
    tx,
  };
}
const rowsOf = (values: readonly Json[]): readonly Row[] =>
  values.map((value, i) => dropRow(dropOf(i, value)));

interface TestSource extends Source {
  pulls: number;
  closed: boolean;
}
function sourceOf(rows: readonly Row[], size: number, later: boolean): TestSource {
  let at = 0;
  const source: TestSource = {
    pulls: 0,
    closed: false,
    next() {
      source.pulls += 1;
      const batch: Batch | null = at >= rows.length ? null : rows.slice(at, at + size);
      at += size;
      return later ? Promise.resolve(batch) : batch;
    },
    close() {
      source.closed = true;
    },
  };
  return source;
}
async function valuesOf(source: Source): Promise<readonly (Json | undefined)[]> {
  const values: (Json | undefined)[] = [];
  for (let batch = await source.next(); batch; batch = await source.next()) {
    expect(batch.length).toBeLessThanOrEqual(batchSize);
    for (const row of batch) values.push(starOf(row)['v']);
  }
  return values;
}

const numbers = Array.from({ length: 50 }, (_, i) => (i * 37) % 50);
const even = (row: Row) => Number(starOf(row)['v']) % 2 === 0;
const v = (row: Row) => starOf(row)['v'];
const order = sortOrder([ascending(payload('v'))], expressions);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe.each([
  ['at once', false, () => steady],
  ['later', true, () => steady],
  ['at once, with pauses', false, alternating],
  ['later, with pauses', true, alternating],
] as const)('a source that answers %s', (_name, later, pacer) => {
  const source = () => sourceOf(rowsOf(numbers), 7, later);

  test('filter', async () => {
    expect(await valuesOf(filterRows(source(), pacer(), even))).toEqual(numbers.filter((n) => n % 2 === 0));
    expect(await valuesOf(filterRows(source(), pacer(), () => false))).toEqual([]);
  });
  test('sort and top', async () => {
    expect(await valuesOf(sortRows(source(), pacer(), order))).toEqual(upTo(50));
    expect(await valuesOf(topRows(source(), pacer(), order, 5))).toEqual(upTo(5));
    expect(await valuesOf(topRows(source(), pacer(), order, 0))).toEqual([]);
    expect(await valuesOf(topRows(source(), pacer(), order, 80))).toEqual(upTo(50));
  });
  test('slice and page', async () => {
    expect(await valuesOf(sliceRows(source(), 3, 10))).toEqual(numbers.slice(3, 13));
    expect(await valuesOf(sliceRows(source(), 48, undefined))).toEqual(numbers.slice(48));
    const state: PageState = { hasMore: false, last: null };
    expect(await valuesOf(pageRows(source(), 0, 7, state))).toEqual(numbers.slice(0, 7));
    expect(state.hasMore).toBe(true);
    expect(state.last && v(state.last)).toBe(numbers[6]);
    const whole: PageState = { hasMore: false, last: null };
    await valuesOf(pageRows(source(), 43, 7, whole));
    expect(whole.hasMore).toBe(false);
  });
  test('group', async () => {
    const grouped = groupRows(
      source(),
      pacer(),
      [{ as: 'v', value: (row) => Number(v(row)) % 3 }],
      [{ as: 'n', fn: 'count', value: undefined }],
    );
    expect(await valuesOf(grouped)).toEqual([0, 1, 2]);
  });
  test('join', async () => {
    const key = { left: v, right: v };
    const right = () => sourceOf(rowsOf([3, null, 3]), 2, later);
    for (const build of ['left', 'right'] as const) {
      const joined = (left: Source, join: 'left' | 'inner') =>
        valuesOf(hashJoin(left, right(), pacer(), [key], { join, build }));
      expect(await joined(source(), 'inner')).toEqual([3, 3]);
      expect(await joined(source(), 'left')).toHaveLength(51);
      expect(await joined(sourceOf(rowsOf([null]), 1, later), 'inner')).toEqual([]);
    }
  });
});

test.each([0, 1, 5, 50, 51])(
  'a join by an index that goes after %i look-ups goes on by a hash table',
  async (most) => {
    const right = rowsOf([3, null, 3, 7]);
    let lookups = 0;
    const joined = indexLookupJoin(
      sourceOf(rowsOf(numbers), 20, true),
      alternating(),
      [{ left: v, right: v }],
      {
        join: 'left',
        pair: 0,
        matches(value) {
          lookups += 1;
          return lookups > most ? undefined : right.filter((row) => v(row) === value);
        },
        openRight: () => sourceOf(right, 2, true),
      },
    );
    expect(await valuesOf(joined)).toEqual(numbers.flatMap((value) => (value === 3 ? [3, 3] : [value])));
  },
);

test('a slice stops reading as soon as it has enough', async () => {
  const source = sourceOf(rowsOf(numbers), 7, false);
  await valuesOf(sliceRows(source, 0, 7));
  expect(source).toMatchObject({ pulls: 1, closed: true });
});

test('one row with very many matches comes in batches of the usual size', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => dropRow(dropOf(i, i)));
  const source = expandRows(sourceOf(rowsOf([1, 2]), 2, false), steady, () => many);
  expect(await valuesOf(source)).toHaveLength(6000);
});

test('top holds the first of equals, in the order they came', async () => {
  const equal = Array.from({ length: 2000 }, (_, i) => dropRow({ ...dropOf(i, 1), tx: 5, key: 'same' }));
  const source = topRows(sourceOf(equal, 100, false), steady, order, 3);
  const batch = await source.next();
  expect(batch?.map((row) => row.drop?.drop_id)).toEqual(['d0', 'd1', 'd2']);
});

test('equal values have one text, others another', () => {
  expect(canonicalText({ b: 1, a: [null] })).toBe(canonicalText({ a: [null], b: 1 }));
  expect(canonicalText('1')).not.toBe(canonicalText(1));
  expect(canonicalText(undefined)).toBe(canonicalText(null));
  expect(canonicalText(['a,b'])).not.toBe(canonicalText(['a', 'b']));
});

describe('aggregates over mixed values', () => {
  const values: readonly (Json | undefined)[] = [
    'x',
    2,
    null,
    true,
    undefined,
    1,
    [1],
    2,
    { a: 1 },
    { a: 1 },
  ];
  test.each([
    ['count', 10, 0],
    ['sum', 5, 0],
    ['avg', 5 / 3, null],
    ['min', true, null],
    ['max', { a: 1 }, null],
    ['first', 'x', null],
    ['last', { a: 1 }, null],
    ['distinct', [true, 1, 2, 'x', [1], { a: 1 }], []],
  ] as const)('%s', (fn, result, ofNothing) => {
    const accumulator = accumulatorOf(fn);
    values.forEach((value, i) => accumulator.add(value, dropRow(dropOf(i, null))));
    expect(accumulator.result()).toEqual(result);
    expect(accumulatorOf(fn).result()).toEqual(ofNothing);
  });
});
