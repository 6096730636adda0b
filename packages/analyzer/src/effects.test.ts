import type { Effect } from '@drops/ir';
import { beforeAll, describe, expect, it } from 'vitest';
import { effects, loadSqlParser } from './index.js';
import { catalogOf, planOf, type Names } from './lower-text.fixture.js';

/** `query orders/* [payload.a key]`, one effect a line; `!` marks what changes something, `-` what removes, `?` what is left out. */
function shown(text: string, names: Names = {}): string[] {
  return effects(planOf(text, names), catalogOf(names)).map(line);
}

function line({ action, route, subtree, fields, writes, removes, direct }: Effect): string {
  const list = fields === '*' ? '*' : `[${fields.map((p) => p.join('.')).join(' ')}]`;
  return `${writes ? '!' : ''}${removes ? '-' : ''}${direct ? '' : '?'}${action} ${route ?? '?'}${subtree ? '/*' : ''} ${list}`;
}

beforeAll(loadSqlParser);

describe('effects', () => {
  it.each([
    ['find o', ['query o *']],
    ['find o/* where a = 1 then pick b', ['query o/* [payload.a payload.b]']],
    ['find o group city sum amount then pick city', ['query o [payload.city payload.amount]']],
    ['count o where key = "x"', ['query o [key]']],
    ['u @k', ['entity u *']],
    ['u @k history', ['entity u *']],
    ['search d "x" where a = 1', ['search d/* *']],
    [
      'find o join u on user_id = key then pick a',
      ['query o [payload.user_id payload.a]', '?query u [key payload.a]'],
    ],
    ['find o where x in (find u where v = 1 then pick key)', ['query o *', '?query u [payload.v key]']],
    ['primitives dates { $gte: "2026-01-01" }', ['query ?/* *']],
    ['save r @k a: 1', ['!drop r []']],
    ['bulk (save a @x n: 1, remove b @y, add 1 to a @x n)', ['!drop a []', '!-drop b []']],
    ['find o/* where a = 1 then remove', ['query o/* *', '!-drop o/* []']],
    ['find o then save p', ['query o *', '!drop p []']],
    ['find o then pick e then send email to e', ['query o [payload.e]', '!invoke:mail.send ? []']],
    ['define r fields a: "text"', ['!define r []']],
    ['share r with @k', ['!access r []']],
    ['run fn/x', ['!execute fn/x []']],
    ['when r changes call "https://x.y"', ['!stream r/* *']],
    ['export r where a = 1', ['export r *']],
    ['sql "SELECT a FROM r WHERE b > 1"', ['sql r [payload.b payload.a]']],
    ['translate "remove r @k" to sql', ['!-drop r []']],
    ['save r @k null', ['!-drop r []']],
    ['explain save r @k a: 1', ['!drop r []']],
    ['write public', []],
    ['mail to "x"', ['!invoke:mail.send ? []', '!drop mail/sent []']],
    ['status r', ['inspect r []']],
  ])('%s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it('of a view are those of what it reads', () => {
    expect(shown('find v then pick a', { views: { v: 'find u where b = 1 as v' } })).toEqual([
      '?query u [payload.b payload.a]',
    ]);
  });
});
