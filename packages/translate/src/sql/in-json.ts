import type { Expression, Field, Fn, Path } from '@drops/ir';
import type { SqlContext } from './context.js';
import { atom, join, operation, type Fragment } from './fragment.js';
import { jsonPlace, type Place } from './names.js';
import { groupedValue } from './write-aggregate.js';
import type { Writer } from './writer.js';
import { jsonText } from './json-text.js';

/** The first of several columns that is not NULL. */
export function firstPresent(columns: readonly Fragment[]): Fragment {
  const [only] = columns;
  return only && columns.length === 1 ? only : atom`COALESCE(${join(columns, ', ')})`;
}

interface JsonRead {
  readonly column: Fragment;
  readonly path: Path;
}

/** Where the JSON of a field is read: its columns, or after GROUP BY what may be named there. */
export function jsonReads(place: Extract<Place, { kind: 'columns' }>, writer: Writer): readonly JsonRead[] {
  const { json, afterGroup } = writer.context.dialect;
  const { path, columns, alias } = place;
  if (writer.scope.grouped !== true || afterGroup === 'column')
    return columns.map((column) => ({ column, path }));
  if (afterGroup === 'alias' && alias) return [{ column: alias, path: [] }];
  return columns.map((c) => ({ column: json.grouped(c, path), path: [] }));
}

/** UNSUPPORTED for a path that the dialect cannot write. */
export function checkPath(
  place: Extract<Place, { kind: 'columns' }>,
  field: Field,
  context: SqlContext,
): void {
  const problem = context.dialect.json.pathProblem(place.path);
  if (problem !== undefined) context.refuse('this path', problem, field.span);
}

/**
 * A value read out of JSON, of whatever type it is in a row: a field inside a JSON column, and where fields have no types of their own the
 * first of several that is there. Nothing for what has one type.
 */
export function nestedPlace(
  expression: Expression,
  writer: Writer,
): Extract<Place, { kind: 'columns' }> | undefined {
  if (expression.kind === 'Fn' && expression.name === 'coalesce' && writer.context.isTypedByRow)
    return firstOfJson(expression, writer);
  if (expression.kind !== 'Field') return undefined;
  const place = jsonPlace(writer.place(expression));
  if (!place) return undefined;
  checkPath(place, expression, writer.context);
  return place;
}

function firstOfJson(call: Fn, writer: Writer): Extract<Place, { kind: 'columns' }> {
  const values = call.args.map((of) => asJson(of, writer));
  return {
    kind: 'columns',
    columns: [atom`COALESCE(${join(values, ', ')})`],
    path: [],
    type: 'unknown',
    isJson: true,
  };
}

/** A value as JSON, null and missing as NULL. Numbers that are calculated have no text of their own, so they are none. */
export function asJson(of: Expression, writer: Writer): Fragment {
  const { context } = writer;
  if (of.kind === 'Lit')
    return of.value === null ? atom`NULL::jsonb` : operation`${jsonText(context, of.value, of.span)}::jsonb`;
  const place = nestedPlace(of, writer);
  if (place) return of.kind === 'Field' ? groupedValue(of, writer) : firstPresent(place.columns);
  const kind = writer.kindOf(of);
  return kind === 'text' || kind === 'time'
    ? atom`to_jsonb(${writer.value(of, 'text')})`
    : context.refuse('this value', 'its type is not known', of.span);
}
