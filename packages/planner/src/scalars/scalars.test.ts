import { describe, expect, test } from 'vitest';
import type { Json } from '@drops/ir';
import { arithmetic } from './arithmetic.js';
import { compareScalars, matchScalars } from './comparison.js';
import { callFunction, type PureFunction } from './functions.js';

describe('comparison', () => {
  test('null and missing are equal to nothing, different types never meet', () => {
    for (const op of ['=', '!=', '<', '<=', '>', '>='] as const) {
      expect(compareScalars(op, null, 1)).toBe(false);
      expect(compareScalars(op, 1, undefined)).toBe(false);
      expect(compareScalars(op, null, null)).toBe(false);
      expect(compareScalars(op, 10, '10')).toBe(op === '!=');
    }
  });
  test('arrays and objects by content, strings by code point', () => {
    expect(compareScalars('=', { a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(compareScalars('<', [1, 2], [1, 3])).toBe(true);
    expect(compareScalars('>', '\u{1f600}', '\uffee')).toBe(true);
  });
});

describe('text matches', () => {
  test('are case-sensitive substrings, or equal elements', () => {
    expect(matchScalars('contains', 'abc', 'bc')).toBe(true);
    expect(matchScalars('contains', 'abc', 'B')).toBe(false);
    expect(matchScalars('prefix', 'abc', 'ab')).toBe(true);
    expect(matchScalars('suffix', 'abc', 'bc')).toBe(true);
    expect(matchScalars('contains', [1, { a: 1 }], { a: 1 })).toBe(true);
    expect(matchScalars('prefix', ['a'], 'a')).toBe(false);
    expect(matchScalars('contains', 12, 1)).toBe(false);
    expect(matchScalars('contains', 'abc', null)).toBe(false);
  });
});

test('arithmetic is on numbers; what has no finite answer is null', () => {
  expect(arithmetic('+', 1, 2)).toBe(3);
  expect(arithmetic('+', 'a', 'b')).toBeNull();
  expect(arithmetic('/', 1, 0)).toBeNull();
  expect(arithmetic('%', 1, 0)).toBeNull();
  expect(arithmetic('*', 1e308, 10)).toBeNull();
  expect(Object.is(arithmetic('*', -1, 0), 0)).toBe(true);
});

const calls: readonly (readonly [PureFunction, readonly (Json | undefined)[], Json])[] = [
  ['lower', ['ÄB'], 'äb'],
  ['upper', ['ab'], 'AB'],
  ['trim', [' a '], 'a'],
  ['lower', [1], null],
  ['len', ['a\u{1f600}'], 2],
  ['len', [[1, 2]], 2],
  ['len', [{}], null],
  ['concat', ['a', 1, null, undefined, true], 'a1true'],
  ['coalesce', [undefined, null, 0, 1], 0],
  ['coalesce', [null], null],
  ['abs', [-2], 2],
  ['round', [2.5], 3],
  ['round', [-2.5], -3],
  ['round', [1.005, 2], 1.01],
  ['round', [1234, -2], 1200],
  ['round', [1e-7], 0],
  ['round', [1e21], 1e21],
  ['round', [1.5, 'x'], null],
  ['floor', [-1.5], -2],
  ['ceil', [-0.5], 0],
  ['date', ['2026-03-01T10:00:00Z'], '2026-03-01'],
  ['date', ['soon'], null],
];
test.each(calls)('%s(%j) is %j', (name, args, result) => expect(callFunction(name, args)).toEqual(result));
