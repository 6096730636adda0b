import { createHash } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import { isArray, stripSpans, type Json, type Relation, type Slice } from '@drops/ir';
import type { Position } from '@drops/planner';

/** Tells queries apart whose pages are ordered differently or hold other rows. */
function shapeHash(page: Relation): string {
  return createHash('sha256')
    .update(JSON.stringify(stripSpans(page)))
    .digest('base64url')
    .slice(0, 12);
}

const hashes = new WeakMap<Relation, string>();

/** The hash of what a page is cut from; its limit, offset and cursor do not matter. */
function hashOf(slice: Slice): string {
  const known = hashes.get(slice.input);
  if (known !== undefined) return known;
  const hash = shapeHash(slice.input);
  hashes.set(slice.input, hash);
  return hash;
}

/** The opaque text that stands for a position in the rows of a page. */
export function encodeCursor(slice: Slice, position: Position): string {
  return Buffer.from(JSON.stringify([hashOf(slice), ...position])).toString('base64url');
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
