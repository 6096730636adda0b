import { isWordCharacter } from './match-bare.js';

const backslash = 0x5c;

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27;
}

/** Where the string that opens at `offset` ends (after its quote), or -1. Runs on indexOf, so megabytes cost little. */
export function endOfString(text: string, offset: number): number {
  const quote = text.charAt(offset);
  let at = text.indexOf(quote, offset + 1);
  while (at !== -1) {
    let before = at - 1;
    while (text.charCodeAt(before) === backslash && before > offset) before -= 1;
    if ((at - before) % 2 === 1) return at + 1;
    at = text.indexOf(quote, at + 1);
  }
  return -1;
}

const result: [string] = [''];

function matched(text: string, offset: number, end: number): [string] | null {
  if (end <= offset) return null;
  result[0] = text.slice(offset, end);
  return result;
}

export function matchString(text: string, offset: number): [string] | null {
  return matched(text, offset, endOfString(text, offset));
}

/** A string without its closing quote: it ends at the next blank line, where statements end too. */
export function matchUnclosedString(text: string, offset: number): [string] | null {
  const blank = /\n[ \t\r]*\n/g;
  blank.lastIndex = offset;
  const found = blank.exec(text);
  return matched(text, offset, found ? found.index : text.length);
}

/** `@key`, `@"quoted/key"`, `@$name`. */
export function matchKey(text: string, offset: number): [string] | null {
  const next = text.charCodeAt(offset + 1);
  if (isQuote(next)) return matched(text, offset, endOfString(text, offset + 1));
  let end = offset + 1;
  if (next === 0x24) end += 1;
  const start = end;
  while (isWordCharacter(text.charCodeAt(end))) end += 1;
  return end === start ? null : matched(text, offset, end);
}
