import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Statement } from './ast/index.js';
import { DropsParser } from './grammar/drops-parser.js';
import { parse } from './parse.js';
import { withoutSpans } from './without-spans.js';

const corpus = readFileSync(new URL('./corpus.drops', import.meta.url), 'utf8');

function only(text: string): Statement {
  const [first, second] = parse(text).statements;
  if (!first?.ok || second) throw new Error(`not one statement: ${text}\n${JSON.stringify(first)}`);
  return first.statement;
}

/** The spans of every node of a tree, with the text under them. */
function spans(node: unknown, text: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'span' in node && isSpan(node.span) ? [text.slice(node.span.start, node.span.end)] : [];
  return [
    ...own,
    ...Object.entries(node).flatMap(([name, value]) => (name === 'span' ? [] : spans(value, text))),
  ];
}

function isSpan(value: unknown): value is { start: number; end: number } {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}

test('Chevrotain finds no fault in the grammar', () => {
  expect(() => new DropsParser(true)).not.toThrow();
});

describe('the corpus', () => {
  const { statements, comments } = parse(corpus);

  test('every statement parses, without a warning', () => {
    const bad = statements.flatMap((one) => [...(one.ok ? [] : one.errors), ...one.warnings]);
    expect(bad.filter(({ span }) => span && !corpus.slice(span.start, span.end).includes('async'))).toEqual(
      [],
    );
    expect(statements).toHaveLength(comments.length);
  });

  test('every span lies in its statement and is not empty', () => {
    for (const one of statements) {
      if (!one.ok) continue;
      const whole = corpus.slice(one.span.start, one.span.end);
      for (const text of spans(one.statement, corpus)) {
        expect(text).not.toBe('');
        expect(whole).toContain(text);
      }
    }
  });
});

describe('where a statement ends', () => {
  const starts = (text: string) => parse(text).statements.map(({ span }) => text.slice(span.start, span.end));
  test.each([
    ['a semicolon', 'find a; find b', ['find a', 'find b']],
    ['a trailing semicolon', 'find a;', ['find a']],
    ['a blank line', 'find a\n\n  where x = 1', ['find a', 'where x = 1']],
    ['a blank line of spaces', 'find a\n \t\n  sort x', ['find a', 'sort x']],
    ['a line break', 'find a\nfind b', ['find a', 'find b']],
    ['an indented line goes on', 'find a\n  where x = 1', ['find a\n  where x = 1']],
    ['indented against the statement, not the line', '  find a\n  find b', ['find a', 'find b']],
    ['then', 'find a\nthen count', ['find a\nthen count']],
    ['a bar', 'find a\n| count', ['find a\n| count']],
    ['a key', 'get a\n@b', ['get a\n@b']],
    ['a name and a colon', 'save a @b\nstatus: "x"', ['save a @b\nstatus: "x"']],
    ['a clause of the statement', 'find a\nwhere x = 1\nsort x', ['find a\nwhere x = 1\nsort x']],
    ['a clause of another statement', 'get a @b\nwhere', ['get a @b', 'where']],
    ['a statement keyword', 'find a group b\ncount a', ['find a group b', 'count a']],
    ['an option', 'save a @b x: 1\nkeep 5', ['save a @b x: 1\nkeep 5']],
    [
      'parts of an e-mail',
      'find a\nthen send email to x\nsubject "s"\nbody "b"',
      ['find a\nthen send email to x\nsubject "s"\nbody "b"'],
    ],
    [
      'brackets',
      'bulk (\nsave a @x n: 1\n\n,\nsave b @y n: 2)\nfind c',
      ['bulk (\nsave a @x n: 1\n\n,\nsave b @y n: 2)', 'find c'],
    ],
    ['strings', 'save a @b "x\n\ny"\nfind c', ['save a @b "x\n\ny"', 'find c']],
    ['a comment is no blank line', 'find a\n-- why\n  sort x', ['find a\n-- why\n  sort x']],
    ['Windows line ends', 'find a\r\nfind b\r\n\r\nfind c', ['find a', 'find b', 'find c']],
    ['an open bracket does not swallow the rest', 'save a @b x: (1\nfind b', ['save a @b x: (1', 'find b']],
    ['nothing', ' ;; \n -- only a comment', []],
  ])('%s', (_, text, expected) => {
    expect(starts(text)).toEqual(expected);
  });

  test('one bad statement does not spoil the next', () => {
    expect(parse('find a\nfnid b\nsave c @d e: f\nfind g').statements.map(({ ok }) => ok)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('words that are keywords elsewhere', () => {
  test.each([
    'find where where where = 1',
    'find sort sort sort desc',
    'find limit limit 5',
    'find r where limit > 5 limit 10',
    'x where not = 1 and not not = 2 and exists exists and not in in (1)',
    'x group sum sum sum sum sum count as count first first as first',
    'x sort desc desc, asc asc',
    'save save @save save: 1 keep: 2 keep 3',
    'save then @then then: 1',
    'update find @get status: "x" price: 1 price 2',
    'x join join on on = on',
    'x then pick pick, first, count, then as then',
    'x then send email to to subject subject body body',
    'share with with to mode shared',
    'define fields fields fields: "text"',
    'add 1 to to @to to',
    'list schedules then skip 1 then offset 2',
    'export as as csv',
    'event event title "t" start "s" end: "e"',
    'every day at 9am every: run run',
    'explain access',
    'explain explain',
  ])('%s', (text) => {
    if (text === 'explain explain') expect(parse(text).statements[0]?.ok).toBe(false);
    else only(text);
  });
});

describe('trees', () => {
  const tree = (text: string) => withoutSpans(only(text));

  test('`not` binds closest, then `and`, then `or`', () => {
    const test = (name: string) => ({
      kind: 'ExistsPredicate',
      operand: { kind: 'FieldName', path: [name], payload: false },
      negated: false,
    });
    expect(tree('find r where not a exists and b exists or c exists')).toMatchObject({
      clauses: {
        where: {
          kind: 'OrPredicate',
          terms: [
            { kind: 'AndPredicate', terms: [{ kind: 'NotPredicate', term: test('a') }, test('b')] },
            test('c'),
          ],
        },
      },
    });
  });

  test('fields: the dot matters only for columns of the drop', () => {
    const field = (text: string) => tree(`find r sort ${text}`);
    expect(field('.name')).toEqual(field('name'));
    expect(field('payload.name')).toEqual(field('name'));
    expect(field('"name"')).toEqual(field('name'));
    expect(field('.key')).not.toEqual(field('key'));
    expect(field('payload.key')).toEqual(field('.key'));
    expect(field('a.b[2].c["d e"]')).toMatchObject({
      clauses: { sort: [{ field: { path: ['a', 'b', 2, 'c', 'd e'] } }] },
    });
    expect(field('payload')).toMatchObject({
      clauses: { sort: [{ field: { path: ['payload'], payload: false } }] },
    });
  });

  test('parentheses: arrays, groups and queries', () => {
    const where = (text: string) => {
      const found = only(`find r where ${text}`);
      return found.kind === 'Find' ? withoutSpans(found.clauses.where) : undefined;
    };
    expect(where('a = (1, 2)')).toMatchObject({ right: { kind: 'ArrayValue' } });
    expect(where('a = ("x")')).toMatchObject({ right: { kind: 'ArrayValue' } });
    expect(where('a = (b + 1) * 2')).toMatchObject({
      right: { kind: 'ArithmeticExpression', operator: '*' },
    });
    expect(where('(a + b) > 3')).toMatchObject({ kind: 'ComparisonPredicate', left: { operator: '+' } });
    expect(where('(a = 1 or b = 2) and c = 3')).toMatchObject({
      kind: 'AndPredicate',
      terms: [{ kind: 'OrPredicate' }, {}],
    });
    expect(where('a in (find s then pick b)')).toMatchObject({
      list: { kind: 'Find', pipes: [{ kind: 'PickPipe' }] },
    });
    expect(where('a in $list')).toMatchObject({ list: { kind: 'Parameter', name: 'list' } });
  });

  test('aliases of aggregates and views', () => {
    const find = (text: string) => only(`find r ${text}`);
    expect(find('sum a as b')).toMatchObject({ clauses: { aggregates: [{ alias: { text: 'b' } }] } });
    expect(find('b: sum a')).toMatchObject({ clauses: { aggregates: [{ alias: { text: 'b' } }] } });
    expect(find('group c count as n as v')).toMatchObject({
      clauses: { aggregates: [{ alias: { text: 'n' } }], view: { text: 'v' } },
    });
    expect(find('where a = 1 as v')).toMatchObject({ clauses: { view: { text: 'v' } } });
    expect(find('sum a as of tx 4')).toMatchObject({ clauses: { asOf: { at: { kind: 'Transaction' } } } });
    expect(find('as of')).toMatchObject({ clauses: { view: { text: 'of' } } });
  });

  test('parameters stand for values, payloads, keys and numbers', () => {
    expect(tree('save r @$k $p keep $t price $m')).toMatchObject({
      key: { key: { name: 'k' } },
      payload: { name: 'p' },
      options: { keep: { name: 't' }, price: { name: 'm' } },
    });
    expect(tree('add $n to r @$k f')).toMatchObject({ amount: { name: 'n' } });
    expect(tree('search r $q top $n')).toMatchObject({ text: { name: 'q' }, top: { name: 'n' } });
    expect(tree('r limit $a skip $b after $c then first $d')).toMatchObject({
      clauses: { limit: { name: 'a' } },
    });
  });

  test('services name their operands', () => {
    const call = (text: string) => {
      const found = only(text);
      if (found.kind !== 'Service') throw new Error('no service');
      return [`${found.service}.${found.verb}`, ...found.arguments.map(({ name }) => name)];
    };
    expect(call('value mint "gold" 500 to "k"')).toEqual(['value.mint', 'currency', 'amount', 'to']);
    expect(call('rsvp a/b @c "x@y.z" accepted')).toEqual(['calendar.rsvp', 'email', 'response']);
    expect(call('push "t" to ("k") body "b"')).toEqual(['push.send', 'title', 'to', 'body']);
    expect(call('mail domain add "x.com"')).toEqual(['mail.domain_add', 'domain']);
    expect(call('subkey "id" revoke')).toEqual(['subkey.revoke', 'id']);
    expect(call('key require signature')).toEqual(['key.require_signature']);
  });

  test('numbers, strings and names keep what they are', () => {
    expect(tree('save r @k n: -0 m: 1e+5 s: "\\u0041\\x\\/" __proto__: 1 constructor: 2')).toMatchObject({
      payload: {
        members: [
          { value: { value: 0 } },
          { value: { value: 100000 } },
          { value: { value: 'A\\x/' } },
          { name: '__proto__' },
          { name: 'constructor' },
        ],
      },
    });
  });

  test('schedules', () => {
    const recurrence = (text: string) => {
      const found = only(`every ${text} job: run fn/x`);
      return found.kind === 'Every' ? withoutSpans(found.recurrence) : undefined;
    };
    expect(recurrence('day at 12am')).toMatchObject({ unit: 'day', count: 1, at: { hour: 0, minute: 0 } });
    expect(recurrence('monday at 14:30')).toMatchObject({ weekday: 'monday', at: { hour: 14, minute: 30 } });
    expect(recurrence('day at 9:30pm')).toMatchObject({ at: { hour: 21, minute: 30 } });
    expect(recurrence('15 minutes')).toEqual({ kind: 'Interval', count: 15, unit: 'minute' });
  });
});

describe('translate', () => {
  test('spans of the inner text point into the outer one', () => {
    const text = `translate "find users where a = \\"x\\" and bcd exists" to sql`;
    const found = only(text);
    if (found.kind !== 'Translate' || found.statement.kind !== 'Find') throw new Error('no translation');
    const where = found.statement.clauses.where;
    if (where?.kind !== 'AndPredicate') throw new Error('no and');
    const [first, second] = where.terms;
    expect(first && text.slice(first.span.start, first.span.end)).toBe('a = \\"x\\"');
    expect(second && text.slice(second.span.start, second.span.end)).toBe('bcd exists');
  });

  test('errors inside do too, however deep', () => {
    const text = `explain translate 'translate "find users wher x" to sql' to curl`;
    const [bad] = parse(text).statements;
    const span = bad && !bad.ok ? bad.errors[0]?.span : undefined;
    expect(span && text.slice(span.start, span.end)).toBe('wher');
  });
});
