import type { FunctionName, Json, Like, Path, SqlDialectName } from '@drops/ir';
import type { Fragment } from './fragment.js';

/** Types that a value inside a JSON column can be read as. */
export type ScalarKind = 'text' | 'number' | 'boolean';

export type JsonScalar = string | number | boolean;

/** How a dialect looks into a JSON column. Readers are guarded: a value of another type reads as NULL. */
export interface JsonAccess {
  /** Why this path cannot be written, or nothing. */
  pathProblem(path: Path): string | undefined;
  typed(column: Fragment, path: Path, kind: ScalarKind): Fragment;
  /** The value as text whatever its type: enough to compare with a text that is no JSON. */
  text(column: Fragment, path: Path): Fragment;
  /**
   * Where indexes are over the beginnings of texts, read with a look at their type: how long those are, and the beginning of a text that was read. A
   * condition on a text then says besides what follows of its beginning. Missing: nothing is known of indexes.
   */
  readonly beginnings?: { readonly length: number; of(text: Fragment): Fragment };
  /** JSON null reads as the text `null` there. */
  readonly nullReadsAsText: boolean;
  /** The value as the dialect hands JSON out. */
  raw(column: Fragment, path: Path): Fragment;
  /** The same with JSON null as NULL, for grouping. */
  grouped(column: Fragment, path: Path): Fragment;
  /** NULL exactly when the value is null or missing. */
  presence(column: Fragment, path: Path): Fragment;
  /** An array with an element equal to this scalar. */
  contains(column: Fragment, path: Path, element: JsonScalar): Fragment;
  /** What `contains` gets wrong, or nothing. */
  readonly containsNote?: string;
  /** Equal to this array or object; nothing where the dialect cannot tell. */
  equals(column: Fragment, path: Path, of: Json): Fragment | undefined;
  /** Number of elements of an array, else NULL. */
  length(column: Fragment, path: Path): Fragment;
  /** A scalar as the JSON that `raw` would give. */
  from(scalar: Fragment, kind: ScalarKind): Fragment;
}

/** How a dialect keeps `_created_at`. */
export interface TimeColumn {
  /** The literal for an instant. */
  literal(iso: string): string;
  readonly now: string;
  /** The column as the text a drop shows: ISO 8601, milliseconds, `Z`. */
  text(column: Fragment): Fragment;
}

/** What SQL products answer differently; all else is written once for all. */
export interface SqlDialect {
  readonly name: SqlDialectName;
  /** The product's name, for messages. */
  readonly title: string;
  readonly quote: '"' | '`';
  /** Longest name, and how to measure it. */
  readonly nameLimit?: { readonly most: number; readonly unit: 'bytes' | 'characters' };
  /** `a` and `A` are one column. */
  readonly foldsColumnNames: boolean;
  readonly allowsEmptyNames: boolean;
  placeholder(index: number): string;
  /** A placeholder with the type its value needs. */
  boundValue(index: number, value: string | number): string;
  /** A text literal; `textProblem` was asked before. */
  text(value: string): string;
  textProblem(value: string): string | undefined;
  /** Where NULL goes without being told. */
  readonly nullsLast: { readonly ascending: boolean; readonly descending: boolean };
  /** False: an expression sorts them instead. */
  readonly nullsClause: boolean;
  /** What LIMIT says when only OFFSET is meant; nothing where OFFSET stands alone. */
  readonly unlimited?: string;
  /** IN may not hold a subquery with LIMIT, nor DELETE one on its own table, unless it is nested once more. */
  readonly nestsSubqueries: boolean;
  /** What may be named after GROUP BY: any column, the grouped expression word for word, or its alias. */
  readonly afterGroup: 'column' | 'expression' | 'alias';
  readonly upsert: 'ON CONFLICT' | 'ON DUPLICATE KEY';
  /** What follows the table when no column gets a value. */
  readonly emptyInsert: string;
  /** CREATE OR REPLACE VIEW, or a DROP before it. */
  readonly replacesViews: boolean;
  /** Non-integer literals are decimals, and `/` may be integer or decimal division: arithmetic asks for doubles. */
  readonly literalsAreDecimals: boolean;
  toDouble(fragment: Fragment): Fragment;
  /** Null by zero, as the remainder is; `left` is a double. */
  quotient(left: Fragment, right: Fragment): Fragment;
  remainder(left: Fragment, right: Fragment): Fragment;
  /** Absent where times are kept as the text itself. */
  readonly time?: TimeColumn;
  readonly nowText: string;
  readonly json: JsonAccess;
  /** Matching by LIKE, given the pattern; absent where LIKE ignores case. */
  like?(left: Fragment, pattern: Fragment, escaped: boolean): Fragment;
  /** Matching without a pattern. */
  match(match: Like['match'], left: Fragment, right: Fragment): Fragment;
  call(name: FunctionName, args: readonly Fragment[]): Fragment;
  /** What a function answers differently, or nothing. */
  readonly callNotes: { readonly [N in FunctionName]?: string };
  /** Lowest and highest of booleans. */
  extreme(fn: 'min' | 'max', argument: Fragment, kind: ScalarKind | 'other'): Fragment;
  /** The exact average of doubles. */
  average(argument: Fragment): Fragment;
  /** The value of the first or last row by these keys, NULL skipped; absent where no aggregate can say it. */
  edge?(fn: 'first' | 'last', argument: Fragment, keys: readonly Fragment[]): Fragment;
  distinct?(argument: Fragment): Fragment;
}
