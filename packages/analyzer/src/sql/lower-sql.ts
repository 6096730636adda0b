import type { Span } from '@drops/diagnostics';
import type { Query } from '@drops/ir';
import type { LowerContext } from '../context.js';
import { parseSelect } from './parser.js';
import { createPlaces } from './places.js';
import { lowerSelect } from './select.js';

/**
 * One SELECT in PostgreSQL's syntax → the plan that the same Drops text gives: routes are tables, fields are columns,
 * `_key` and `_created_at` those of the system. `toOuter` leads from offsets of the SQL to those of the text around it.
 * SQL_ERROR with the place for what Drops cannot say. Nulls are PostgreSQL's: what is unknown is not found. Two things
 * are as in Drops: the sum of nothing is 0, and numbers divide as doubles.
 */
export function lowerSql(
  text: string,
  span: Span,
  toOuter: (offset: number) => number,
  context: LowerContext,
): Query {
  const places = createPlaces(text, span, toOuter);
  const relation = lowerSelect(parseSelect(text, places), places, context);
  return { kind: 'Query', shape: 'rows', language: 'sql', relation, span };
}
