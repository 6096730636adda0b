import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { equalValues, fulfils, type IndexCondition, type Json } from '@drops/ir';
import { and, compare, isIn, not, or, payload } from '../testing/plans.fixture.js';
import { conditionShare, equalShare, fieldStatistics } from './field-statistics.js';
import { selectivity } from './selectivity.js';

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 2, arbitrary: fc.constantFrom<Json>('a', 'ab', 'b', true, null, [1]) },
);
const values = fc.array<Json>(value, { minLength: 200, maxLength: 400 });
const bound = fc
  .record({ value: fc.integer({ min: -5, max: 205 }), inclusive: fc.boolean() })
  .map((b): { value: Json; inclusive: boolean } => b);
const condition: fc.Arbitrary<IndexCondition> = fc.oneof(
  fc.record({ lower: bound }).map((ends): IndexCondition => ({ kind: 'range', ...ends })),
  fc.record({ upper: bound }).map((ends): IndexCondition => ({ kind: 'range', ...ends })),
  fc.record({ lower: bound, upper: bound }).map((ends): IndexCondition => ({ kind: 'range', ...ends })),
  fc.array<Json>(value, { maxLength: 3 }).map((list): IndexCondition => ({ kind: 'in', values: list })),
  fc.constantFrom('a', 'ab', 'z').map((text): IndexCondition => ({ kind: 'prefix', text })),
);

test('shares are near those of the values they were made of', () => {
  fc.assert(
    fc.property(values, condition, value, (all, asked, one) => {
      const statistics = fieldStatistics(all, all.length);
      const found = all.filter((v) => fulfils(v, asked)).length / all.length;
      // Two buckets, and the values beside the ends.
      expect(Math.abs(conditionShare(statistics, asked) - found)).toBeLessThan(0.08);
      const same = all.filter((v) => equalValues(v, one)).length / all.length;
      expect(Math.abs(equalShare(statistics, one) - same)).toBeLessThan(0.03);
      const present = all.filter((v) => v !== null);
      expect(statistics.distinct).toBe(new Set(present.map((v) => JSON.stringify(v))).size);
      expect(statistics.nulls).toBeCloseTo(1 - present.length / all.length);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['few values', 5, 100_000, 5, 5],
  ['a value a row', 1_000_000, 100_000, 50_000, 100_000],
  ['many values, each several times', 5000, 100_000, 2500, 12_000],
])('a sample tells about how many different values there are: %s', (_name, different, rows, least, most) => {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const sample = Array.from({ length: 1000 }, () => Math.floor(random() * different));
  const { distinct } = fieldStatistics(sample, rows);
  expect(distinct).toBeGreaterThanOrEqual(least);
  expect(distinct).toBeLessThanOrEqual(most);
});

describe('selectivity', () => {
  const known = fieldStatistics(
    Array.from({ length: 1000 }, (_, i) => (i < 900 ? 'usual' : i)),
    1000,
  );
  const share = (...[predicate]: Parameters<typeof selectivity>) =>
    selectivity(predicate, (path) => (path[0] === 'a' ? known : undefined));
  test.each([
    ['a value that stands out', compare(payload('a'), '=', 'usual'), 0.9],
    ['all but that', compare(payload('a'), '!=', 'usual'), 0.1],
    ['a rare value', compare(payload('a'), '=', 950), 0.001],
    ['both ends of a range', and(compare(payload('a'), '>=', 920), compare(payload('a'), '<', 940)), 0.02],
    ['one of several', isIn(payload('a'), ['usual', 950]), 0.901],
    ['either', or(compare(payload('a'), '=', 'usual'), compare(payload('a'), '>', 0)), 0.91],
    ['not', not(compare(payload('a'), '=', 'usual')), 0.1],
    ['a field of which nothing is known', compare(payload('b'), '=', 1), 0.1],
  ] as const)('%s', (_name, predicate, expected) => {
    expect(Math.abs(share(predicate) - expected)).toBeLessThan(0.02);
  });
});
