import { describe, expect, test } from 'vitest';
import { format } from '../format.js';

function formatted(text: string): string {
  const result = format(text);
  if (!('text' in result)) throw new Error(`${text}: ${result.errors[0]?.message ?? ''}`);
  return result.text.trimEnd();
}

describe('the canonical form', () => {
  test.each([
    ['write users @bob name: "Bob"', 'save users @bob name: "Bob"'],
    ['read users @bob', 'get users @bob'],
    ['users @bob', 'get users @bob'],
    ['users', 'find users'],
    ['query users where a = 1', 'find users where a = 1'],
    ['patch a @b { c: 1 }', 'update a @b c: 1'],
    ['delete a @b', 'remove a @b'],
    ['find a offset 3 limit 5', 'find a limit 5 skip 3'],
    ['find a | pluck .b, payload.c | offset 2', 'find a then pick b, c then skip 2'],
    ['find a as v where b = 1 latest', 'find a latest where b = 1 as v'],
    ['find a sum b as v as w', 'find a sum b as v as w'],
    ['find a as w sum b', 'find a as w sum b'],
    ['find a total: sum b sort total', 'find a sum b as total sort total'],
    ['find a left join b on c = d', 'find a join b on c = d'],
    ['save a @b x: [1, [2]]', 'save a @b x: (1, (2))'],
    ["save a @b x: 'it is'", 'save a @b x: "it is"'],
    [`save a @b x: 'say "hi"'`, `save a @b x: 'say "hi"'`],
    [`save a @b x: "it's \\"so\\""`, `save a @b x: "it's \\"so\\""`],
    ['save a @"plain" { "x y": 1, "z": 2 }', 'save a @plain "x y": 1 z: 2'],
    ['save a @b price 2 keep 3', null],
    ['save a @b x: 1 if absent price 2 keep 3', 'save a @b x: 1 keep 3 price 2 if absent'],
    ['write public a/b x: 1', 'save public a/b x: 1'],
    ['save a/b x: 1 public', 'save public a/b x: 1'],
    ['save public @x y: 1', 'save public @x y: 1'],
    ['save 2024 x: 1 public', 'save 2024 x: 1 public'],
    ['grant a to K protected', 'share a with @K mode protected'],
    ['revoke a from K', 'unshare a from @K'],
    ['on write a call "u"', 'when a changes call "u"'],
    ['cron "0 9 * * 1" x: run y', 'every "0 9 * * 1" x: run y'],
    ['cron', 'schedules'],
    ['every 1 day at 09:00 x: run y', 'every day at 9am x: run y'],
    ['every day at "21:30" x: run y', 'every day at 21:30 x: run y'],
    ['define "users" fields { a: "text" }', 'define users fields a: "text"'],
    ['find a where ((b = 1)) and (c = 2 or (d = 3))', 'find a where b = 1 and (c = 2 or d = 3)'],
    ['find a where b > (c * (2 + d))', 'find a where b > c * (2 + d)'],
    ['find a where (b - c) - d > b - (c - d)', 'find a where b - c - d > b - (c - d)'],
    ['find a where b = .c', 'find a where b = .c'],
    ['find a where not (not b exists)', 'find a where not not b exists'],
    ['find a where not (ends["-b"] = 1)', 'find a where not ends["-b"] = 1'],
    ['find a then pick b as c, d', 'find a then pick c: b, d'],
    ['translate "read a @b" to curl', 'translate "get a @b" to curl'],
    ['event a @b title "t" start: "s"', 'event a @b title: "t" start: "s"'],
    ['push send { title: "t", to: ("k") }', 'push "t" to ("k")'],
    ['push send { to: ("k"), title: "t" }', 'push send { to: ("k"), title: "t" }'],
    ['find "a"; find "-b"', 'find a\nfind "-b"'],
    ['find a where "b c" = 1 sort "d"', 'find a where payload["b c"] = 1 sort d'],
  ])('%s', (text, expected) => {
    if (expected === null) expect(format(text)).toHaveProperty('errors');
    else expect(formatted(text)).toBe(expected);
  });

  test('long statements are broken at their clauses', () => {
    const text =
      'find orders where status = "completed" and amount > 100 and customer.country in ("DK", "SE", "NO") and (priority = true or amount > 10000) group category sum amount as total sort total desc limit 20 then pick *';
    expect(formatted(text)).toBe(
      [
        'find orders',
        '  where status = "completed"',
        '    and amount > 100',
        '    and customer.country in ("DK", "SE", "NO")',
        '    and (priority = true or amount > 10000)',
        '  group category sum amount as total',
        '  sort total desc',
        '  limit 20',
        '  then pick *',
      ].join('\n'),
    );
  });

  test('strings keep their line breaks, and long ones are not broken', () => {
    const page = `save site @index "<html>\n  <p>${'x'.repeat(120)}</p>\n</html>" keep 5`;
    expect(formatted(page)).toBe(page);
  });
});

describe('comments', () => {
  test('stay in their order, behind a statement or above it, with one blank line where some were', () => {
    const text = [
      '// the first',
      '',
      '',
      '-- about a',
      'users   -- behind',
      'find b',
      '  -- inside',
      '  where c = 1  -- at the end',
      '',
      '-- the last',
    ].join('\n');
    expect(formatted(text)).toBe(
      [
        '// the first',
        '',
        '-- about a',
        'find users  -- behind',
        '-- inside',
        'find b where c = 1  -- at the end',
        '',
        '-- the last',
      ].join('\n'),
    );
    expect(formatted(formatted(text))).toBe(formatted(text));
  });

  test('a text with an error is not touched', () => {
    expect(format('users\nfnid a\nget b')).toEqual({
      errors: [
        expect.objectContaining({ code: 'UNKNOWN_COMMAND' }),
        expect.objectContaining({ code: 'KEY_REQUIRED' }),
      ],
    });
  });

  test('nothing stays nothing', () => {
    expect(format('')).toEqual({ text: '' });
    expect(format('-- only this')).toEqual({ text: '-- only this\n' });
  });
});
