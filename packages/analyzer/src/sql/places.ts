import type { Span } from '@drops/diagnostics';
import type { Node } from '@pgsql/types';

/** Where the nodes of an SQL text stand in the source around it. */
export interface SqlPlaces {
  readonly whole: Span;
  /** The token at an offset in UTF-8 bytes, as trees have it. */
  atByte(offset: number): Span;
  /** The token at an offset in characters, as errors have it. */
  atCharacter(offset: number): Span;
  of(node: Node): Span;
}

/** The only member of a node: what it is. */
export const keyOf = (node: Node): string => Object.keys(node)[0] ?? '';

/** A token of SQL, roughly: enough to underline it. */
const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}_][\p{L}\p{N}_$]*|\d[\d.eE_]*|[-+*/<>=~!@#%^&|`?]+|./suy;

/** From offsets in UTF-8 bytes to those in UTF-16 units. */
function characterOffsets(text: string): (bytes: number) => number {
  if (/^[\0-\x7f]*$/.test(text)) return (bytes) => Math.min(bytes, text.length);
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i += 1) units.push(at);
    at += character.length;
  }
  return (bytes) => units[bytes] ?? text.length;
}

/** From an offset in code points to the one in UTF-16 units. */
function unitOffset(text: string, points: number): number {
  let at = 0;
  let seen = 0;
  for (const character of text) {
    if (seen >= points) break;
    seen += 1;
    at += character.length;
  }
  return at;
}

/** The first place that a part of the tree tells. */
function locationOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('location' in value && typeof value.location === 'number' && value.location >= 0) return value.location;
  for (const part of Object.values(value)) {
    const found = locationOf(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The places of a text; `toOuter` leads from its offsets to those of the source. */
export function createPlaces(text: string, whole: Span, toOuter: (offset: number) => number): SqlPlaces {
  const tokenAt = (start: number): Span => {
    token.lastIndex = start;
    const length = token.exec(text)?.[0].length ?? 0;
    // Behind the last character stands nothing: the character before it is shown.
    const from = length === 0 ? Math.max(0, text.length - 1) : start;
    return { start: toOuter(from), end: toOuter(length === 0 ? text.length : start + length) };
  };
  const toCharacter = characterOffsets(text);
  const atByte = (offset: number) => tokenAt(toCharacter(offset));
  return {
    whole,
    atByte,
    atCharacter: (offset) => tokenAt(unitOffset(text, offset)),
    of(node) {
      const location = locationOf(node);
      return location === undefined ? whole : atByte(location);
    },
  };
}
