import type { Json } from '@drops/diagnostics';
import { describe, expect, it } from 'vitest';
import { present } from './reply.js';
import { cutTo, widthOf } from './width.js';

const drop = (key: string | null, payload: Json, more: Record<string, Json> = {}) => ({
  drop_id: 'x',
  route: 'users',
  key,
  source: null,
  payload,
  created_at: '2026-02-06T12:00:00.000Z',
  version: 1,
  tx: 1,
  ...more,
});
const lines = (...all: readonly string[]) => all.join('\n');

describe('a result as people read it', () => {
  it('shows drops as a table of key and payload', () => {
    const body = {
      results: [drop('alice', { name: 'Alice', age: 30 }), drop('bob', { name: 'Bob', city: 'Rome' })],
      count: 2,
    };
    expect(present(body, undefined)).toBe(
      lines(
        'key    name   age  city',
        '─────  ─────  ───  ────',
        'alice  Alice   30',
        'bob    Bob         Rome',
        '2 rows',
      ),
    );
  });

  it('shows flat rows as they come, null apart from missing', () => {
    expect(present({ results: [{ city: null, count: 2 }, { count: 10 }], count: 2 }, undefined)).toBe(
      lines('city  count', '────  ─────', 'null      2', '         10', '2 rows'),
    );
  });

  it('shows events by their time, other payloads in one column, routes where they differ', () => {
    const body = { results: [drop(null, 'hello'), { ...drop(null, 1), route: 'other' }], count: 2 };
    expect(present(body, undefined)).toContain('route  created_at                payload');
  });

  it('keeps a payload field apart from the column of its name', () => {
    expect(present({ results: [drop('a', { key: 'mine' })], count: 1 }, undefined)).toContain(
      'key  payload.key',
    );
  });

  it('names the cursor of what follows', () => {
    const body = { results: [{ a: 1 }], count: 1, has_more: true, cursor: 'abc' };
    expect(present(body, undefined)).toContain('1 row, more: after "abc"');
  });

  it.each<[string, Json, string]>([
    ['no rows', { results: [], count: 0 }, '0 rows'],
    ['a count', { count: 3 }, '3'],
    ['a translation', { target: 'sql', output: 'SELECT 1;' }, 'SELECT 1;'],
    ['a plan', { plan: { op: 'Get' }, text: 'Get users' }, 'Get users'],
    ['a removal', { ok: true, removed: 1 }, 'ok       true\nremoved  1'],
    ['a script', { results: [{ count: 1 }, { results: [], count: 0 }] }, '1\n\n0 rows'],
    ['nested objects', { route: 'r', payload: { a: 1, b: [1] } }, 'route  r\npayload:\n  a  1\n  b  [1]'],
    ['lists of objects', { patterns: [{ name: 'p' }], count: 1 }, 'count  1\npatterns:\n  name\n  ────\n  p'],
  ])('shows %s', (_name, body, text) => {
    expect(present(body, undefined)).toBe(text);
  });

  it('lets nothing from the data drive the terminal', () => {
    const text = present(
      { results: [{ 'a\u001b[2J': 'b\u001b]0;title\u0007\n\u202Ec' }], count: 1 },
      undefined,
    );
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202E');
    expect(text).toContain('b\\u001b]0;title\\u0007\\n\\u202ec');
  });

  it.each([20, 40, 80])('is never wider than a terminal of %i', (columns) => {
    const rows = Array.from({ length: 5 }, (_, n) => ({
      id: n,
      text: 'word '.repeat(30),
      名前: '日本語のテキスト'.repeat(9),
      z: 'y',
    }));
    const table = present({ results: rows, count: 5 }, columns);
    for (const line of table.split('\n').slice(0, 7)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(table).toContain('…');
  });

  it('cuts nothing without a terminal', () => {
    expect(present({ results: [{ text: 'x'.repeat(5000) }], count: 1 }, undefined)).toContain(
      'x'.repeat(5000),
    );
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍🏽', 2],
    ['👨‍👩‍👧', 2],
    ['❤️', 2],
    ['한국어', 6],
    ['', 0],
  ])('of %s is %i', (text, width) => expect(widthOf(text)).toBe(width));

  it('cuts between characters', () => {
    expect(cutTo('日本語', 5)).toBe('日本…');
    expect(cutTo('日本語', 6)).toBe('日本語');
    expect(cutTo('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…');
    expect(cutTo('x'.repeat(1_000_000), 3)).toBe('xx…');
  });
});
