import { DropsError } from '@drops/diagnostics';
import { checkInvariants, equalPlans, planText, type Json } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { lowerJsonQuery } from '../index.js';
import { planOf } from '../lower-text.fixture.js';

/** A JSON query and the text that means the same. */
const pairs: readonly (readonly [Json, string])[] = [
  [{ route: 'u' }, 'find u'],
  [{ prefix: 'u' }, 'find u/*'],
  [{ route: 'u', latest: true }, 'find u'],
  [{ route: 'u', latest: false }, 'find u history'],
  [{ route: 'u', filter: {} }, 'find u'],
  [{ route: 'u', filter: { 'payload.a': 1 } }, 'find u where a = 1'],
  [{ route: 'u', filter: { a: 'x' } }, 'find u where a = "x"'],
  [{ route: 'u', filter: { key: 'x' } }, 'find u where key = "x"'],
  [{ route: 'u', filter: { 'payload.key': 'x' } }, 'find u where .key = "x"'],
  [{ route: 'u', filter: { 'payload.a.b': null } }, 'find u where a.b = null'],
  [{ route: 'u', filter: { 'payload.a': { $eq: 1 } } }, 'find u where a = 1'],
  [{ route: 'u', filter: { 'payload.a': { $ne: null } } }, 'find u where a != null'],
  [{ route: 'u', filter: { 'payload.a': { $gte: 1, $lt: 3 } } }, 'find u where a >= 1 and a < 3'],
  [{ route: 'u', filter: { a: { $gt: 'x' }, b: { $lte: 3 } } }, 'find u where a > "x" and b <= 3'],
  [{ route: 'u', filter: { a: { $in: [1, null] } } }, 'find u where a in (1, null)'],
  [{ route: 'u', filter: { a: { $nin: [1] } } }, 'find u where a not in (1)'],
  [{ route: 'u', filter: { a: { $exists: true }, b: { $exists: false } } }, 'find u where a exists and b not exists'],
  [{ route: 'u', filter: { a: { $contains: 'x' } } }, 'find u where a contains "x"'],
  [{ route: 'u', filter: { a: { $startsWith: 'x', $endsWith: 'y' } } }, 'find u where a starts with "x" and a ends with "y"'],
  [{ route: 'u', filter: { $or: [{ a: 1 }, { b: 2, c: 3 }] } }, 'find u where a = 1 or b = 2 and c = 3'],
  [{ route: 'u', filter: { a: 1, $and: [{ b: 2 }, { c: 3 }] } }, 'find u where a = 1 and b = 2 and c = 3'],
  [{ route: 'u', filter: { $not: { a: 1, b: 2 } } }, 'find u where not (a = 1 and b = 2)'],
  [{ route: 'u', filter: { a: { $not: { $gt: 4 } } } }, 'find u where not a > 4'],
  [{ route: 'u', filter: { a: { b: 1 } } }, 'find u where a = {b: 1}'],
  [{ route: 'u', sort: { 'payload.a': -1, key: 1 }, limit: 3, skip: 2 }, 'find u sort a desc, key limit 3 skip 2'],
  [{ route: 'u', sort: [['payload.a', 'desc'], ['b', 'asc']] }, 'find u sort a desc, b'],
  [{ route: 'u', sort: 'a', after: 'c' }, 'find u sort a after "c"'],
  [{ route: 'o', group_by: 'payload.city', compute: { total: { $sum: 'payload.amount' }, n: { $count: true } } }, 'find o group city sum amount as total count as n'],
  [{ route: 'o', group_by: ['a', 'b.c'], compute: { x: { $distinct: 'd' } }, sort: { x: 1 } }, 'find o group a, b.c distinct d as x sort x'],
  [{ route: 'o', group_by: 'payload.city', compute: { n: { $count: true } }, sort: { 'payload.city': 1 } }, 'find o group city count as n sort city'],
  [{ route: 'o', compute: { m: { $max: 'payload.a' } } }, 'find o max a as m'],
  [{ route: 'u', select: ['payload.a', 'key', 'b.c'] }, 'find u then pick a, key, b.c'],
  [{ route: 'u', select: ['*'], limit: 2 }, 'find u limit 2 then pick *'],
  [{ route: 'o', join: { route: 'u', on: ['payload.user_id', 'key'] } }, 'find o join u on user_id = key'],
  [{ route: 'o', join: { prefix: 'u', on: ['user_id', 'key'], kind: 'inner' }, filter: { name: 'x' } }, 'find o inner join u/* on user_id = key where name = "x"'],
]; // prettier-ignore

function failure(query: Json): DropsError['diagnostic'] {
  try {
    lowerJsonQuery(query);
  } catch (thrown) {
    if (thrown instanceof DropsError) return thrown.diagnostic;
    throw thrown;
  }
  throw new Error(`no error for ${JSON.stringify(query)}`);
}

describe('a JSON query and its text give one plan', () => {
  it.each(pairs.map(([query, text]) => [text, query] as const))('%s', (text, query) => {
    const { plan } = lowerJsonQuery(query);
    checkInvariants(plan);
    expect(planText(plan)).toBe(planText(planOf(text)));
    expect(equalPlans(plan, planOf(text))).toBe(true);
  });
});

describe('a bad JSON query', () => {
  it.each<readonly [Json, string, string]>([
    [[], 'TYPE_ERROR', 'the query is a list'],
    [{}, 'ROUTE_REQUIRED', 'needs a route'],
    [{ route: 'a', prefix: 'b' }, 'TYPE_ERROR', 'one of them'],
    [{ route: '/a' }, 'INVALID_ROUTE', 'slash'],
    [{ prefix: '' }, 'INVALID_PREFIX', 'empty'],
    [{ prefix: 3 }, 'TYPE_ERROR', 'prefix is the number 3'],
    [{ route: 'u', fitler: {} }, 'TYPE_ERROR', "'fitler'"],
    [{ route: 'u', filter: [] }, 'TYPE_ERROR', 'filter is a list'],
    [{ route: 'u', filter: { 'payload.a': { $gtt: 1 } } }, 'TYPE_ERROR', 'filter.payload.a'],
    [{ route: 'u', filter: { $nor: [] } }, 'TYPE_ERROR', "'$nor'"],
    [{ route: 'u', filter: { $or: [] } }, 'TYPE_ERROR', 'filter.$or'],
    [{ route: 'u', filter: { a: { $in: 3 } } }, 'TYPE_ERROR', 'filter.a.$in'],
    [{ route: 'u', filter: { a: { $exists: 1 } } }, 'TYPE_ERROR', 'filter.a.$exists'],
    [{ route: 'u', filter: { a: { $startsWith: 1 } } }, 'TYPE_ERROR', 'filter.a.$startsWith'],
    [{ route: 'u', filter: { a: { $gt: 1, b: 2 } } }, 'TYPE_ERROR', "'b'"],
    [{ route: 'u', limit: '3' }, 'TYPE_ERROR', 'limit is the text'],
    [{ route: 'u', limit: -1 }, 'TYPE_ERROR', 'limit is -1'],
    [{ route: 'u', sort: { a: 2 } }, 'TYPE_ERROR', 'sort.a'],
    [{ route: 'u', latest: 'yes' }, 'TYPE_ERROR', 'latest'],
    [{ route: 'u', compute: { n: { $count: 'a' } } }, 'TYPE_ERROR', 'compute.n.$count'],
    [{ route: 'u', compute: { n: { $median: 'a' } } }, 'TYPE_ERROR', "'$median'"],
    [{ route: 'u', compute: {} }, 'TYPE_ERROR', 'compute'],
    [
      { route: 'u', group_by: 'a', compute: { n: { $count: true } }, sort: { b: 1 } },
      'TYPE_ERROR',
      "no column 'b'",
    ],
    [{ route: 'u', join: { route: 'v', on: ['a'] } }, 'TYPE_ERROR', 'join.on'],
    [{ route: 'u', select: [] }, 'TYPE_ERROR', 'select'],
    [{ route: 'u', select: ['a..b'] }, 'TYPE_ERROR', 'select[0]'],
    [{ route: 'u', resolve: true }, 'NOT_AVAILABLE', 'embeds'],
  ])('%j is %s', (query, code, message) => {
    const error = failure(query);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('may be nested without end and is refused', () => {
    let filter: Json = { a: 1 };
    for (let i = 0; i < 20_000; i += 1) filter = { $not: filter };
    expect(failure({ route: 'u', filter }).code).toBe('TYPE_ERROR');
  });

  it('hints at the near name', () => {
    expect(failure({ route: 'u', filter: { a: { $gtt: 1 } } }).hint).toContain('$gt');
  });
});
