import { fail, type Span } from '@drops/diagnostics';
import { pathText, type Field, type Path } from '@drops/ir';
import type { FieldName } from '@drops/syntax';
import { resolveField, type RowScope } from '../query/row-scope.js';
import { readText, type JsonPlace } from './json-reader.js';
import type { Json } from '@drops/ir';

/** A JSON query has no text to point into. */
export const nowhere: Span = { start: 0, end: 0 };

const systemNames = ['key', 'created_at', 'drop_id', 'route', 'source'];

/**
 * A field of a JSON query as the field name of a text: `payload.a.b` and `a.b` are payload fields,
 * `key` and the other system columns stand bare. `a[0].b` walks arrays.
 */
export function readField(value: Json, place: JsonPlace): FieldName {
  const text = readText(value, place);
  const explicit = text.startsWith('payload.');
  const path = readPath(explicit ? text.slice('payload.'.length) : text);
  if (path === undefined) {
    fail('TYPE_ERROR', `${place}: "${text}" is no field`, {
      hint: 'payload.name, or a system column such as key',
    });
  }
  // As in the language: only where a system column would be meant does "payload." make a difference.
  const payload = explicit && path.length === 1 && systemNames.includes(String(path[0]));
  return { kind: 'FieldName', path, payload, span: nowhere };
}

function readPath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  for (const part of text.split('.')) {
    const match = /^([^[\]]+)((?:\[\d+\])*)$/.exec(part);
    const [, name, indexes] = match ?? [];
    if (name === undefined) return undefined;
    path.push(name, ...[...(indexes ?? '').matchAll(/\d+/g)].map((m) => Number(m[0])));
  }
  return path;
}

/** A field of the rows that a scope describes. */
export function lowerJsonField(value: Json, scope: RowScope, place: JsonPlace): Field {
  const name = readField(value, place);
  // Bare it is how well the result of a search fits.
  const isPayload = value === 'payload.score' && scope.kind === 'drop' && scope.scored === true;
  return resolveField(isPayload ? { ...name, payload: true } : name, scope);
}

/** The column a field makes when it is picked or grouped by. */
export function columnName(name: FieldName): string {
  return pathText(name.path);
}
