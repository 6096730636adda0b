import { isWordCharacter } from './tokens/match-bare.js';

/** A literal of a text that another one of its kind may stand for. */
export interface ShapeLiteral {
  readonly kind: 'text' | 'number' | 'key';
  /** Where its token stands: with the quotes of a text, with the `@` of a key. */
  readonly start: number;
  readonly end: number;
  readonly value: string | number;
}

/** What texts have in common that differ in their literals only. */
export interface TextShape {
  /** The text with a mark in the place of each literal. */
  readonly shape: string;
  readonly literals: readonly ShapeLiteral[];
}

/** Larger texts are mostly payload. They may also hold literals that the lexer reads in another way. */
export const longestShape = 4096;

const marks = { text: '\u0001t', number: '\u0001n', key: '\u0001k' } as const;
/** More digits may be rounded, which is warned of. */
const mostDigits = 15;

const is = { other: 0, word: 1, space: 2, sign: 3, quote: 4, at: 5, slash: 6 } as const;

/** What each ASCII character is; all others stand in strings only. */
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) if (isWordCharacter(code)) classes[code] = is.word;
for (const sign of ',(){}[]:=<>!|*+%;$') classes[sign.charCodeAt(0)] = is.sign;
for (const space of ' \t\r\n') classes[space.charCodeAt(0)] = is.space;
classes[0x22] = is.quote;
classes[0x27] = is.quote;
classes[0x40] = is.at;
classes[0x2f] = is.slash;

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isSpace = (code: number) => code < 128 && classes[code] === is.space;

/** The end of the word that goes on here. Never reads past the text: a code that is no number makes the loop twice as slow. */
function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code >= 128 || classes[code] !== is.word) break;
    at += 1;
  }
  return at;
}

/** Whether a word may begin behind this character and be whole: it ends a token whatever stands before it. */
function separates(text: string, at: number): boolean {
  if (at < 0) return true;
  const code = text.charCodeAt(at);
  // `9:30` is one word.
  if (code === 0x3a) return at === 0 || !isDigit(text.charCodeAt(at - 1));
  return isSpace(code) || (code !== 0x2b && code !== 0x2a && code !== 0x24 && classes[code] === is.sign);
}

/** Whether a word ends for good before this character: `1e+5` and `9:30` go on, and so does a path. */
function endsWord(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return isSpace(code) || code === 0x29 || code === 0x5d || code === 0x7d || code === 0x2c || code === 0x3b;
}

/** A plain number: digits, perhaps with decimals. */
function isNumber(text: string, start: number, end: number): boolean {
  if (end - start > mostDigits) return false;
  let dots = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) dots += 1;
    else if (!isDigit(code)) return false;
  }
  return dots <= 1 && isDigit(text.charCodeAt(start)) && isDigit(text.charCodeAt(end - 1));
}

/** Whether a colon comes next: what stands before it is a name. */
function isLabel(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at < text.length && text.charCodeAt(at) === 0x3a;
}

/** A string in one line and without escapes ends at the next quote; -1 for any other. */
function endOfPlainString(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code < 0x20 || code === 0x5c) return -1;
  }
  return -1;
}

/**
 * The shape of a text, found without the lexer and in agreement with it: texts of one shape have the same tokens but for
 * the contents of their literals. Undefined for a text that holds anything of which that is not certain: comments,
 * escapes, characters of no token.
 */
export function shapeOf(text: string): TextShape | undefined {
  if (text.length > longestShape) return undefined;
  const literals: ShapeLiteral[] = [];
  let shape = '';
  let copied = 0;
  let at = 0;
  const add = (kind: ShapeLiteral['kind'], start: number, end: number, value: string | number) => {
    shape += text.slice(copied, start) + marks[kind];
    copied = end;
    literals.push({ kind, start, end, value });
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    switch (code < 128 ? classes[code] : is.other) {
      case is.space:
      case is.sign:
        at += 1;
        break;
      case is.word: {
        const start = at;
        if (code === 0x2d && text.startsWith('--', at)) return undefined;
        at = endOfWord(text, at + 1);
        if (!isDigit(code) || !separates(text, start - 1) || !endsWord(text, at)) break;
        if (isNumber(text, start, at)) add('number', start, at, Number(text.slice(start, at)));
        break;
      }
      case is.quote: {
        const end = endOfPlainString(text, at);
        if (end === -1) return undefined;
        if (!isLabel(text, end)) add('text', at, end, text.slice(at + 1, end - 1));
        at = end;
        break;
      }
      case is.at: {
        const start = at;
        at += 1;
        const next = at < text.length ? text.charCodeAt(at) : 0;
        if (next === 0x22 || next === 0x27) {
          at = endOfPlainString(text, at);
          if (at === -1) return undefined;
        } else if (isWordCharacter(next)) {
          at = endOfWord(text, at + 1);
          add('key', start, at, text.slice(start + 1, at));
        } else if (next !== 0x24) return undefined;
        break;
      }
      case is.slash:
        if (text.charCodeAt(at + 1) === 0x2f) return undefined;
        at += 1;
        break;
      default:
        return undefined;
    }
  }
  return { shape: literals.length === 0 ? text : shape + text.slice(copied), literals };
}
