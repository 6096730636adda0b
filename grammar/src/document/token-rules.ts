import { characters, choice, many, name, optional, sequence, some, text, type Node } from './nodes.js';

/** A rule of the lexer. */
export interface TokenRule {
  readonly name: string;
  readonly node: Node;
  readonly note: string;
  /** The lexer's own names of the tokens that look like this. */
  readonly types: readonly string[];
}

const wordCharacter = characters('[A-Za-z0-9_.-]');
const wordEnd = characters('[A-Za-z0-9_]');
const digit = characters('[0-9]');
const hexDigit = characters('[0-9A-Fa-f]');
const wordRest = optional(sequence(many(wordCharacter), wordEnd));

/** What the text is made of. Expressions for highlighting and for the tests are made from these too. */
export const tokenRules: readonly TokenRule[] = [
  {
    name: 'STRING',
    node: choice(
      sequence(text('"'), many(choice(characters('[^"\\\\]'), name('ESCAPE'))), text('"')),
      sequence(text("'"), many(choice(characters("[^'\\\\]"), name('ESCAPE'))), text("'")),
    ),
    note: 'Line breaks may stand inside. All other characters stand for themselves.',
    types: ['StringLiteral', 'StringLabel'],
  },
  {
    name: 'ESCAPE',
    node: sequence(
      text('\\'),
      choice(
        characters('[nrt"\'/\\\\]'),
        sequence(text('u'), hexDigit, hexDigit, hexDigit, hexDigit),
        characters('[^]'),
      ),
    ),
    note: 'A backslash and a character that it gives no meaning stand for both, with a warning.',
    types: [],
  },
  {
    name: 'KEY',
    node: sequence(text('@'), choice(sequence(optional(text('$')), some(wordCharacter)), name('STRING'))),
    note: 'A key has at most 256 characters. A slash in it needs quotes: @"todo/full". @$name is a parameter.',
    types: ['Key'],
  },
  {
    name: 'PATH',
    node: choice(
      sequence(some(wordCharacter), some(sequence(text('/'), some(wordCharacter))), optional(text('/*'))),
      sequence(some(wordCharacter), text('/*')),
    ),
    note: 'A route of several segments; a slash and a star at its end stand for every route below.',
    types: ['Path'],
  },
  {
    name: 'TIME',
    node: sequence(digit, optional(digit), text(':'), digit, digit, optional(choice(text('am'), text('pm')))),
    note: 'Tried before NUMBER and before the colon of a pair.',
    types: ['Time'],
  },
  {
    name: 'NUMBER',
    node: sequence(
      some(digit),
      optional(sequence(text('.'), some(digit))),
      optional(sequence(characters('[eE]'), optional(characters('[+-]')), some(digit))),
    ),
    note: 'Not followed by a word character: 9am and 2026-03-01 are words.',
    types: ['NumberLiteral'],
  },
  {
    name: 'WORD',
    node: sequence(wordEnd, wordRest),
    note: 'A route of one segment, a field, a name, a keyword. No keyword is reserved: each is a WORD wherever WORD stands.',
    types: ['Word', 'Label'],
  },
  {
    name: 'DOT_FIELD',
    node: sequence(text('.'), characters('[A-Za-z_]'), wordRest),
    note: 'Always a field of the payload: .limit',
    types: ['DotField'],
  },
  {
    name: 'PARAMETER',
    node: sequence(text('$'), characters('[A-Za-z_]'), many(wordEnd)),
    note: 'A value given with the statement; before a colon, the name of an operator.',
    types: ['Param'],
  },
  {
    name: 'COMMENT',
    node: sequence(choice(text('--'), text('//')), many(characters('[^\\n]'))),
    note: 'At the start of a line or after white space.',
    types: ['Comment'],
  },
];

function escapeText(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const nodesByName = new Map(tokenRules.map((rule) => [rule.name, rule.node]));

/** A node of the lexer's rules as a regular expression without groups that capture. */
export function expressionOf(node: Node): string {
  switch (node.kind) {
    case 'text':
      return escapeText(node.text);
    case 'class':
      return node.text === '[^]' ? '[\\s\\S]' : node.text;
    case 'name': {
      const target = nodesByName.get(node.name);
      return target ? `(?:${expressionOf(target)})` : '';
    }
    case 'sequence':
      return node.items.map((item) => (item.kind === 'choice' ? group(item) : expressionOf(item))).join('');
    case 'choice':
      return node.items.map(expressionOf).join('|');
    case 'optional':
      return `${group(node.item)}?`;
    case 'repeat':
      return `${group(node.item)}${node.least === 0 ? '*' : '+'}`;
  }
}

function group(node: Node): string {
  return node.kind === 'class' ? expressionOf(node) : `(?:${expressionOf(node)})`;
}

/** The expression of a token by its name in the document. */
export function expressionOfToken(token: string): string {
  const node = nodesByName.get(token);
  return node ? expressionOf(node) : '';
}
