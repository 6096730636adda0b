import { equalPlans } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { planOf } from './lower-text.fixture.js';

/** Each line says one thing in several ways. */
const classes: readonly (readonly string[])[] = [
  ['find u where a = 1', 'query u where a = 1', 'u where a = 1', 'find u where .a = 1', 'find u where payload.a == 1', 'find u latest where a = 1'],
  ['find u where a = 1 sort b limit 2', 'find u limit 2 sort b asc where a = 1', 'find u sort .b where (a = 1) limit 2'],
  ['u', 'find u', 'query "u"'],
  ['find u where a is null', 'find u where a = null', 'find u where a not exists'],
  ['find u where a between 1 and 2', 'find u where a >= 1 and a <= 2'],
  ['find u where a = 1 and (b = 2 and c = 3)', 'find u where a = 1 and b = 2 and c = 3'],
  ['find u where a = 1 or (b = 2 or c = 3)', 'find u where a = 1 or b = 2 or c = 3'],
  ['find u where a in (1, 2)', 'find u where a in [1, 2]'],
  ['find u then pick a, b', 'find u | pluck .a, .b'],
  ['find u limit 3 skip 2', 'find u offset 2 limit 3'],
  ['find u then skip 2', 'find u | offset 2'],
  ['find u then remove', 'find u then delete'],
  ['find u then save v', 'find u | write v'],
  ['count u where a = 1', 'find u where a = 1 then count'],
  ['u @k', 'get u @k', 'read u @k', 'get u @"k"'],
  ['save u @k a: 1 b: "x"', 'write u @k { "a": 1, b: \'x\' }'],
  ['save u @k a: (1, 2)', 'save u @k a: [1, 2]'],
  ['save u @k a: 1 keep 5 price 2', 'save u @k a: 1 price 2 keep 5'],
  ['save u @k null', 'remove u @k', 'delete u @k'],
  ['update u @k a: 1', 'patch u @k { a: 1 }'],
  ['bulk (save a @x n: 1, remove b @y)', 'bulk [write a @x n: 1, delete b @y]'],
  ['share r with @K mode shared', 'grant r to K shared', 'grant r to @K mode shared'],
  ['unshare r from @K', 'revoke r from K'],
  ['when r changes call "https://x.y"', 'on write r call "https://x.y"'],
  ['every day at 9am j: run f/x', 'cron "0 9 * * *" j: run f/x', 'every "0 9 * * *" j: run f/x', 'every day at 9:00am j: run f/x'],
  ['schedules', 'cron'],
  ['define t fields a: "text required"', 'define "t" fields { a: { type: "text", required: true } }'],
  ['find o group a sum b', 'find o sum .b group .a', 'find o group a sum b as sum_b'],
  ['find o join u on user_id = key', 'find o left join u on .user_id = key'],
  ['search r "x"', 'search r "x" top 10', "search r 'x' limit 10"],
  ['mail to "a" subject "b"', 'mail subject "b" to "a"'],
  ['primitives dates { "$gte": "2026-01-01" }', "primitives dates { $gte: '2026-01-01' }"],
]; // prettier-ignore

describe('texts that mean the same give one plan', () => {
  it.each(classes.map((c) => [c[0], c] as const))('%s', (first, texts) => {
    for (const text of texts) expect(equalPlans(planOf(first ?? ''), planOf(text)), text).toBe(true);
  });

  it('and others do not', () => {
    expect(equalPlans(planOf('find u where key = 1'), planOf('find u where .key = 1'))).toBe(false);
    expect(equalPlans(planOf('find u'), planOf('list u'))).toBe(false);
  });
});
