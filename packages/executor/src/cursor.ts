import { fail } from '@drops/diagnostics';
import { isArray, stripSpans, type Json, type ParameterValues, type Relation, type Slice } from '@drops/ir';
import { rebindRelation, type Position } from '@drops/planner';

/** What a page is cut from, as text: tells queries apart whose pages are ordered differently or hold other rows. */
const textOf = (page: Relation): string => JSON.stringify(stripSpans(page));

/**
 * 53 bits of a text (cyrb53, of the public domain): a cursor of another query is a mistake to be told, not an attack, and every
 * page that has a next one pays for it.
 */
function digest(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

const hashes = new WeakMap<Relation, string>();

/** The hash of what a page is cut from; its limit, offset and cursor do not matter. */
export function hashOf(slice: Slice): string {
  const known = hashes.get(slice.input);
  if (known !== undefined) return known;
  const hash = digest(textOf(slice.input));
  hashes.set(slice.input, hash);
  return hash;
}

/** A text with places for parameters: pieces of it and, in every second place, the name of one. */
type OpenText = readonly string[];

const openTexts = new WeakMap<Relation, OpenText>();

function openTextOf(page: Relation, names: Iterable<string>): OpenText {
  const known = openTexts.get(page);
  if (known) return known;
  const marked = rebindRelation(page, new Map([...names].map((name) => [name, `\0${name}\0`])));
  const text = textOf(marked).split(/"\\u0000(.*?)\\u0000"/);
  openTexts.set(page, text);
  return text;
}

/** The hash of a page with other values of its parameters, without making the page. */
export function hashWith(slice: Slice, values: ParameterValues): string {
  let text = '';
  for (const [i, piece] of openTextOf(slice.input, values.keys()).entries()) {
    text += i % 2 === 0 ? piece : JSON.stringify(values.get(piece));
  }
  return digest(text);
}

/** The opaque text that stands for a position in the rows of the page with this hash. */
export function encodeCursor(hash: string, position: Position): string {
  return Buffer.from(JSON.stringify([hash, ...position])).toString('base64url');
}

function failCursor(slice: Slice, problem: string): never {
  fail('INVALID_CURSOR', `the cursor ${problem}`, {
    span: typeof slice.after === 'object' ? slice.after.span : slice.span,
    hint: 'a cursor goes with the query that gave it: repeat that query with after "…"',
  });
}

function parseCursor(text: string): Json | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const parsed: Json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return parsed;
  } catch {
    return undefined;
  }
}

/** The position a slice goes on from. INVALID_CURSOR when its text is broken or of another query. */
export function decodeCursor(slice: Slice): Position {
  const parsed = typeof slice.after === 'string' ? parseCursor(slice.after) : undefined;
  if (!isArray(parsed)) failCursor(slice, 'is broken');
  const [hash, ...position] = parsed;
  if (hash !== hashOf(slice)) failCursor(slice, 'belongs to another query');
  return position;
}
