import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from './format.js';
import { keywordTable } from './keywords.js';
import { parse } from './parse.js';
import { tokens } from './tokens/list-tokens.js';

const runs = Number(process.env['DROPS_RUNS'] ?? 500);
const corpus = readFileSync(new URL('./corpus.drops', import.meta.url), 'utf8');
const blocks = corpus.split(/\n\n/).map((block) => block.replace(/^-- .*\n/gm, ''));

/** Parses, and checks that everything has its place in the text. */
function check(text: string): void {
  const { statements, comments } = parse(text);
  const spans = [
    ...statements.map(({ span }) => span),
    ...comments.map(({ span }) => span),
    ...tokens(text).map(({ span }) => span),
    ...statements.flatMap((one) => [...(one.ok ? [] : one.errors), ...one.warnings]).map(({ span }) => span),
  ];
  for (const span of spans) {
    if (!span) throw new Error('a finding without its place');
    const inside = span.start >= 0 && span.end >= span.start && span.end <= text.length;
    if (!inside)
      throw new Error(`a place outside of the text: ${JSON.stringify(span)} in ${JSON.stringify(text)}`);
  }
  for (const one of statements) if (!one.ok) expect(one.errors.length).toBeGreaterThan(0);
  format(text);
}

const piece = fc.oneof(
  fc.constantFrom(...keywordTable.keys()),
  fc.constantFrom(
    '"x"',
    "'",
    '"',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    ';',
    '=',
    '!=',
    '==',
    '|',
    '*',
    '-',
    '--',
    '//',
    '@',
    '@k',
    '@"a/b"',
    '$p',
    '$',
    '.x',
    'a/b',
    'a/*',
    '1',
    '2.5',
    '1e9',
    '9am',
    '14:30',
    '\n',
    '\n\n',
    '\n  ',
    '\\',
    '#',
    'é',
    '\ud800',
    'a.b',
    'name:',
    'alice',
    '..',
    '@$k',
    'translate "find \\"a\\"" to',
  ),
);

describe('never throws, and every place lies in the text', () => {
  test('random texts', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), check), { numRuns: runs });
  });

  test('random words and signs', () => {
    const soup = fc.array(piece, { maxLength: 25 }).map((parts) => parts.join(' '));
    const dense = fc.array(piece, { maxLength: 25 }).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(soup, dense), check), { numRuns: runs });
  });

  test('statements with a part cut out, doubled or replaced', () => {
    const mutated = fc
      .record({
        block: fc.constantFrom(...blocks),
        from: fc.nat(400),
        length: fc.nat(30),
        insert: fc.array(piece, { maxLength: 3 }),
        doubled: fc.boolean(),
      })
      .map(({ block, from, length, insert, doubled }) => {
        const start = from % (block.length + 1);
        const rest = block.slice(doubled ? start : start + length);
        return `${block.slice(0, start + (doubled ? length : 0))}${insert.join(' ')}${rest}`;
      });
    fc.assert(fc.property(mutated, check), { numRuns: runs });
  });

  test('statements cut off anywhere', () => {
    for (const block of blocks.slice(0, 120))
      for (let end = 0; end <= block.length; end += 3) check(block.slice(0, end));
  });
});

describe('large and deep texts', () => {
  /** What grows with the square of the text does not end within the limit of a test. */
  const statementsOf = (text: string) => parse(text).statements;

  test.each(['(', '[', '{', '{a:', '((', 'not '])('%s nested 100,000 deep', (open) => {
    statementsOf(`save r @k x: ${open.repeat(100_000)}`);
    statementsOf(`find r where ${open.repeat(100_000)}`);
  });

  test('a depth of 100 is fine, 101 is an error at its bracket', () => {
    const nested = (depth: number) => `save r @k x: ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(statementsOf(nested(100))[0]?.ok).toBe(true);
    const [deep] = statementsOf(nested(101));
    expect(deep?.ok === false && deep.errors[0]?.span).toEqual({ start: 113, end: 114 });
  });

  test('tokens of a megabyte', () => {
    const long = 'x'.repeat(1_000_000);
    const slashes = 'x/'.repeat(500_000);
    for (const text of [
      long,
      slashes,
      `@${long}`,
      `.${long}`,
      `$${long}`,
      `"${long}"`,
      `"${long}`,
      `-- ${long}`,
      '1'.repeat(1_000_000),
      ' '.repeat(1_000_000),
      '-'.repeat(1_000_000),
      '\\'.repeat(1_000_000),
      '@'.repeat(200_000),
      '"'.repeat(100_001),
    ]) {
      statementsOf(text);
      statementsOf(`save r @k n: ${text}`);
      statementsOf(`find r where ${text} = 1`);
    }
  });

  test('a string of ten megabytes', () => {
    const [save] = statementsOf(`save r @k "${'ab\\n'.repeat(2_500_000)}"`);
    expect(save?.ok && save.statement.kind === 'Save' && save.statement.payload.kind === 'StringValue').toBe(
      true,
    );
  });

  test('a JSON literal of ten megabytes is read as JSON', () => {
    const item = {
      id: 12345,
      name: 'a "quoted" name',
      tags: ['x', 'y'],
      nested: { deep: [1, 2, { three: null }] },
    };
    const json = JSON.stringify(Array.from({ length: 100_000 }, () => item));
    const [save] = statementsOf(`save r @k data: ${json} n: 1`);
    if (!save?.ok || save.statement.kind !== 'Save' || save.statement.payload.kind !== 'ObjectValue')
      throw new Error('no save');
    expect(save.statement.payload.members.map(({ value }) => value.kind)).toEqual([
      'JsonValue',
      'NumberValue',
    ]);
  });

  test('a fault in a large literal has its exact place', () => {
    const items = Array.from({ length: 300 }, (_, index) => `{"id": ${index}, "text": "some text of a row"}`);
    items[200] = '{"id": 200 "text": "no comma"}';
    const text = `save r @k data: [${items.join(', ')}]`;
    const [bad] = statementsOf(text);
    if (!bad || bad.ok) throw new Error('no error');
    const span = bad.errors[0]?.span;
    expect(span && text.slice(span.start, span.end)).toBe('"text"');
  });

  test('more signs than a text may hold are refused', () => {
    const [refused] = statementsOf(`save r @k x: (${'1,'.repeat(4_000_000)}1)`);
    expect(refused?.ok === false && refused.errors[0]?.code).toBe('SYNTAX_ERROR');
  });

  test('ten thousand statements', () => {
    expect(statementsOf('save a @b n: 1\n'.repeat(10_000))).toHaveLength(10_000);
    expect(statementsOf('save a ( @b n: 1\n'.repeat(10_000))).toHaveLength(10_000);
    expect(statementsOf('fnid users\n'.repeat(2_000))).toHaveLength(2_000);
  });
});
