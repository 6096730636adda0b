import { stripSpans } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { errorOf, planOf, textOf } from '../lower-text.fixture.js';

describe('writes', () => {
  it.each([
    ['save r @k a: 1 keep 60 price 5 if absent', 'Put replace r @"k" {"a":1} keep 60 price 5 if absent'],
    ['save r a: 1', 'Put append r {"a":1}'],
    ['write public r @k a: 1', 'Put replace r @"k" {"a":1} public'],
    ['save r @$id $p', 'Put replace r @$id $p'],
    ['save r @k (1, 2)', 'Put replace r @"k" [1,2]'],
    ['save r @k a: 1 a: 2', 'Put replace r @"k" {"a":2}'],
    ['save r @k null', 'Delete r @"k"'],
    ['update r @k a: null if version = 3', 'Put merge r @"k" {"a":null} if version = 3'],
    ['remove r @k if version = $v', 'Delete r @"k" if version = $v'],
    ['subtract $n from r @k a.b', 'Increment r @"k" a.b -$n'],
  ])('%s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  it('refuse what cannot be', () => {
    expect(errorOf('save r @k a: 1 keep 0').code).toBe('TYPE_ERROR');
    expect(errorOf('save r @k n: 1e400').code).toBe('TYPE_ERROR');
    expect(errorOf('save r null').code).toBe('KEY_REQUIRED');
    expect(errorOf('save a/../b x: 1').code).toBe('INVALID_ROUTE');
    expect(errorOf(`save r @"a b" x: 1`).code).toBe('INVALID_KEY');
    expect(errorOf('save r a: 1 if absent').code).toBe('KEY_REQUIRED');
  });

  it('bulk holds at most 1000', () => {
    const writes = Array.from({ length: 1001 }, (_, i) => `save r @k${i} n: ${i}`);
    expect(errorOf(`bulk (${writes.join(', ')})`)).toMatchObject({ code: 'BATCH_TOO_LARGE' });
    expect(planOf(`bulk (${writes.slice(1).join(', ')})`)).toMatchObject({ kind: 'Batch' });
  });
});

describe('schemas', () => {
  it('read short and long rules alike', () => {
    const short = planOf('define todo fields title: "text required" tags: "text array"');
    const long = planOf(
      'define todo fields { title: { type: "text", required: true }, tags: { array: true, type: "text" } }',
    );
    expect(stripSpans(short)).toEqual(stripSpans(long));
  });

  it('name what is wrong', () => {
    expect(errorOf('define t fields a: "txt"')).toMatchObject({
      code: 'TYPE_ERROR',
      at: '"txt"',
      error: { hint: "did you mean 'text'?" },
    });
    expect(errorOf('define t fields a: "text requird"').error.hint).toContain('required');
    expect(errorOf('define t fields { a: { typ: "text" } }').error.hint).toContain('type');
    expect(errorOf('define t fields { a: { type: "text", enum: (1) } }').code).toBe('TYPE_ERROR');
    expect(errorOf('define t fields a: 3')).toMatchObject({ at: '3' });
  });
});

describe('recurrences', () => {
  const cron = (text: string) => {
    const plan = planOf(`${text} job: run fn/x`);
    return plan.kind === 'Schedule' ? plan.cron : undefined;
  };
  it.each([
    ['every day at 9am', '0 9 * * *'],
    ['every day', '0 0 * * *'],
    ['every day at 14:30', '30 14 * * *'],
    ['every minute', '* * * * *'],
    ['every 5 minutes', '*/5 * * * *'],
    ['every hour', '0 * * * *'],
    ['every 60 minutes', '0 * * * *'],
    ['every 6 hours', '0 */6 * * *'],
    ['every 24 hours', '0 0 * * *'],
    ['every monday at 9am', '0 9 * * 1'],
    ['every month', '0 0 1 * *'],
    ['every "0  9 * * 1-5"', '0 9 * * 1-5'],
    ['cron "*/15 0,12 1 */2 *"', '*/15 0,12 1 */2 *'],
  ])('%s is %s', (text, expected) => {
    expect(cron(text)).toBe(expected);
  });
  it.each([
    'every 7 minutes',
    'every 5 hours',
    'every 2 days',
    'every "61 * * * *"',
    'every "* * * *"',
    'every "a * * * *"',
  ])('%s cannot be', (text) =>
    expect(errorOf(`${text} job: run fn/x`).code).toMatch(/TYPE_ERROR|SYNTAX_ERROR/),
  );
});

describe('services', () => {
  it('order and check their arguments', () => {
    expect(textOf('mail body "c" subject "b" to "a@b.c"')).toBe(
      'Invoke mail.send to: "a@b.c", subject: "b", body: "c"',
    );
    expect(errorOf('mail subject "b"').error.message).toContain("needs 'to'");
    expect(errorOf('mail to 3')).toMatchObject({ code: 'TYPE_ERROR', at: '3' });
    expect(errorOf('mail to "a" cc "b"')).toMatchObject({ code: 'TYPE_ERROR' });
    expect(textOf('mail to $who')).toBe('Invoke mail.send to: $who');
  });
});

describe('other statements', () => {
  it.each([
    ['share r with @a mode shared can ("entity", "query")', 'Grant r "a" shared query, entity'],
    ['unshare r', 'Revoke r'],
    ['write public', 'SetPolicy autoProtect false'],
    ['run fn/x a: 1 async max_retries 3', 'Call fn/x {"a":1} async max_retries 3'],
    ['undefine r index a, b.c', 'Undefine r a, b.c'],
    ['export r where a = 1 as sql dialect mysql', 'Export sql mysql\n  Filter a = 1\n    Scan r'],
    ['explain remove r @k', 'Explain plan\n  Delete r @"k"'],
    ['translate "count r" to rest', 'Translate rest\n  Query count\n    Group count: count()\n      Scan r'],
  ])('%s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  it('say what is wrong', () => {
    expect(errorOf('share r with @a can ("qurey")').error.hint).toContain('query');
    expect(errorOf('export r as cvs')).toMatchObject({ at: 'cvs', code: 'SYNTAX_ERROR' });
    expect(errorOf('export r as csv dialect mysql').code).toBe('SYNTAX_ERROR');
    expect(errorOf('translate "find r" to sqll')).toMatchObject({ at: 'sqll' });
    expect(errorOf('explain analyze remove r @k')).toMatchObject({ code: 'TYPE_ERROR', at: 'remove r @k' });
    expect(errorOf('explain analyze find r then remove').code).toBe('TYPE_ERROR');
    expect(errorOf('translate "find r group a count sort b" to sql')).toMatchObject({
      code: 'TYPE_ERROR',
      at: 'b',
    });
  });
});
