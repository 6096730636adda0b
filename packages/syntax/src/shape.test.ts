import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statement } from './arbitrary/statements.arbitrary.js';
import { print } from './print/print.js';
import { shapeOf, type TextShape } from './shape.js';
import { lex } from './tokens/lexer.js';
import { Key, NumberLiteral, StringLiteral } from './tokens/token-types.js';

const runs = Number(process.env['DROPS_RUNS'] ?? 600);

/** Types and images of the tokens, without the contents of those that the shape holds open. */
function skeleton(text: string, { literals }: TextShape): readonly string[] {
  const open = new Map(literals.map((literal) => [literal.start, literal]));
  return lex(text).tokens.map((token) => {
    const literal = open.get(token.startOffset);
    return literal ? `${token.tokenType.name} ${literal.kind}` : `${token.tokenType.name} ${token.image}`;
  });
}

const typeOf = { text: StringLiteral, number: NumberLiteral, key: Key } as const;

/** Every literal of the shape is one whole token of its kind, and no part of another one or of a comment. */
function checkAgainstLexer(text: string): TextShape | undefined {
  const found = shapeOf(text);
  if (!found) return undefined;
  const { tokens, comments } = lex(text);
  for (const { kind, start, end, value } of found.literals) {
    const token = tokens.find((one) => one.startOffset === start);
    expect(token?.tokenType.name, text).toBe(typeOf[kind].name);
    expect(token?.image, text).toBe(text.slice(start, end));
    const expected =
      kind === 'number'
        ? Number(token?.image)
        : kind === 'key'
          ? token?.image.slice(1)
          : token?.image.slice(1, -1);
    expect(value).toBe(expected);
  }
  expect(comments).toEqual([]);
  return found;
}

const replacements = {
  text: fc.stringMatching(/^"[^"\\\u0000-\u001f]{0,9}"$/),
  number: fc.oneof(fc.nat().map(String), fc.constantFrom('0', '007', '1.50', '123456789012345')),
  key: fc.stringMatching(/^@[A-Za-z0-9_.-]{1,9}$/),
} as const;

/** The text with other literals in the places of its own. */
const changed = (text: string, { literals }: TextShape): fc.Arbitrary<string> =>
  fc.tuple(...literals.map(({ kind }) => replacements[kind])).map((others) => {
    let result = '';
    let from = 0;
    for (const [i, { start, end }] of literals.entries()) {
      result += text.slice(from, start) + (others[i] ?? '');
      from = end;
    }
    return result + text.slice(from);
  });

const pieces = fc.constantFrom(
  ...[
    'find',
    'users',
    'where',
    'a',
    ' ',
    '  ',
    '\n',
    '"x"',
    "'y z'",
    '"',
    "'",
    '\\',
    '5',
    '12.5',
    '1e5',
    '1e+5',
  ],
  ...[
    '9',
    ':',
    '30',
    '-',
    '--',
    '/',
    '//',
    '*',
    '@k',
    '@',
    '@"k"',
    '@$p',
    '$p',
    '$',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    ',',
    ';',
    '=',
    '==',
    '!=',
    '!',
    '<',
    '>=',
    '|',
    '+',
    '%',
    '.',
    '..',
    'ä',
    '😀',
    '\u0001t',
    '&',
    'a/b',
    '.f',
  ],
);

describe('shapeOf', () => {
  test('finds texts, numbers and keys', () => {
    const text = 'find users where city = "Oslo" and age>30 then first 3';
    expect(shapeOf(text)?.literals.map((l) => l.value)).toEqual(['Oslo', 30, 3]);
    expect(shapeOf('get users @bob')?.shape).toBe(shapeOf('get users @alice-2')?.shape);
    expect(shapeOf('save r @k {"a": 1}')?.literals.map((l) => l.kind)).toEqual(['key', 'number']);
  });

  test('leaves what is no whole literal of its own in the shape', () => {
    for (const text of [
      'find r where t = 9:30',
      'find r where a = 1e5',
      'find r where a = -5',
      'get r @"a"',
    ]) {
      expect(shapeOf(text)).toEqual({ shape: text, literals: [] });
    }
  });

  test('gives up where the lexer may see more than it', () => {
    const texts = ['find r -- x', 'find r where a = "\\n"', 'find r where a = "x', 'find ä', '// x\nfind r'];
    for (const text of texts) expect(shapeOf(text), text).toBeUndefined();
    expect(shapeOf(`save r @k "${'x'.repeat(5000)}"`)).toBeUndefined();
  });

  test('agrees with the lexer on any text', () => {
    const texts = fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join(''));
    const given = fc.oneof(
      statement.map((tree) => print(tree)),
      texts,
    );
    let found = 0;
    const property = fc.property(
      given.chain((text) => {
        const shape = checkAgainstLexer(text);
        if (!shape || shape.literals.length === 0) return fc.constant({ text, other: text });
        return changed(text, shape).map((other) => ({ text, other }));
      }),
      ({ text, other }) => {
        const [a, b] = [shapeOf(text), checkAgainstLexer(other)];
        if (!a || a.literals.length === 0) return;
        found += 1;
        expect(b?.shape).toBe(a.shape);
        expect(b && skeleton(other, b)).toEqual(skeleton(text, a));
      },
    );
    fc.assert(property, { numRuns: 2 * runs });
    expect(found).toBeGreaterThan(runs / 4);
  });
});
