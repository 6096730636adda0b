import type { Expression, Field, Relation } from '@drops/ir';
import type { SqlContext } from './context.js';
import type { ScalarKind } from './dialect.js';
import type { Fragment } from './fragment.js';
import type { Place, Scope } from './names.js';

/** What is known of a value. `json`: an array or object. `time`: `_created_at` where it is no text. */
export type ValueKind = ScalarKind | 'time' | 'json' | 'null' | 'unknown';

/** The first column of a sub-query, before its type is settled. */
export interface SubqueryColumn {
  readonly kind: ValueKind;
  /** Read out of a JSON column. */
  readonly nested: boolean;
  /** `SELECT …`. */
  write(want: ValueKind): Fragment;
  /** `SELECT …` of the rows where it is null; nothing where it never is. */
  nulls(): Fragment | undefined;
}

/** Writes expressions in one scope. The parts of the writer reach each other through it. */
export interface Writer {
  readonly context: SqlContext;
  readonly scope: Scope;
  kindOf(expression: Expression): ValueKind;
  place(field: Field): Place;
  /** The expression as a value of the wanted kind; NULL where it is of another kind. */
  value(expression: Expression, want: ValueKind): Fragment;
  /** The expression as a condition; unknown counts as false. */
  condition(expression: Expression): Fragment;
  /** The same writer among other names. */
  within(scope: Scope): Writer;
  subquery(relation: Relation): SubqueryColumn;
}
