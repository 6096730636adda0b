import type { Expression, Field, NumberArgument, Spanned, TextArgument } from './expressions.js';

/** A point in the past: a time (ISO 8601, date or date-time with offset) or a tx. */
export type AsOfPoint =
  | ({ readonly kind: 'Time'; readonly at: TextArgument } & Spanned)
  | ({ readonly kind: 'Tx'; readonly tx: NumberArgument } & Spanned);

/** Drops of a route, with `subtree` also of every route below it. */
export interface Scan extends Spanned {
  readonly kind: 'Scan';
  readonly route: string;
  readonly subtree: boolean;
  /** `current`: newest live version of each entity, and events. `history`: every version. */
  readonly versions: 'current' | 'history';
  /** `entities` leaves events out (`list`). */
  readonly rows: 'all' | 'entities';
  readonly asOf?: AsOfPoint;
}
export interface Search extends Spanned {
  readonly kind: 'Search';
  readonly route: string;
  readonly text?: TextArgument;
  /** `request`: the vector that came beside the statement, if any. */
  readonly vector?: Expression;
  readonly limit: NumberArgument;
  readonly candidates?: NumberArgument;
  readonly fusion?: TextArgument;
  readonly minScore?: NumberArgument;
  readonly asOf?: AsOfPoint;
}
export type FacetName = 'dates' | 'locations' | 'identifiers' | 'amounts';
/**
 * Live drops of all readable routes whose universal fields match every facet. A predicate is the object of
 * operators as written (`$gte $gt $lte $lt $unit`, `$near`, `$has $type $any`): they hold on one entry together.
 */
export interface FacetScan extends Spanned {
  readonly kind: 'FacetScan';
  readonly facets: readonly { readonly name: FacetName; readonly predicate: Expression }[];
}
export interface Filter extends Spanned {
  readonly kind: 'Filter';
  readonly input: Relation;
  readonly predicate: Expression;
}
/** Yields flat rows. `star` puts all columns first: payload fields and `key` for drops, the columns of a group. */
export interface Project extends Spanned {
  readonly kind: 'Project';
  readonly input: Relation;
  readonly star: boolean;
  readonly items: readonly { readonly expression: Expression; readonly as: string }[];
}
export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
}
/** Null and missing last; ties by created_at, key, tx. */
export interface Sort extends Spanned {
  readonly kind: 'Sort';
  readonly input: Relation;
  readonly keys: readonly SortKey[];
}
/**
 * `paged`: from the clauses, so the reply tells `has_more` and a `cursor`, and `after` goes on from one.
 * `single`: `first` without a number, or a get.
 */
export interface Slice extends Spanned {
  readonly kind: 'Slice';
  readonly input: Relation;
  readonly offset: NumberArgument;
  readonly limit?: NumberArgument;
  readonly single: boolean;
  readonly paged: boolean;
  readonly after?: TextArgument;
}
export type AggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'first' | 'last' | 'distinct';
export interface AggregateColumn extends Spanned {
  readonly fn: AggregateFunction;
  readonly argument?: Expression;
  readonly as: string;
}
export interface GroupColumn {
  readonly expression: Expression;
  readonly as: string;
}
/** One row a group; with no `by` one row over everything. Rows are flat: the group columns, then the aggregates. */
export interface Group extends Spanned {
  readonly kind: 'Group';
  readonly input: Relation;
  /** null: no group clause, one row over everything. */
  readonly by: readonly GroupColumn[] | null;
  readonly aggregates: readonly AggregateColumn[];
}
/** Each pair of a left row and a matching right drop; `left` keeps rows without a match. */
export interface Join extends Spanned {
  readonly kind: 'Join';
  readonly join: 'left' | 'inner';
  readonly left: Relation;
  readonly right: Relation;
  readonly on: readonly { readonly left: Field; readonly right: Field }[];
  /** What `_joined` shows of the right payload (JSON `join.select`); without it everything. Look-ups see all fields all the same. */
  readonly select?: readonly (readonly (string | number)[])[];
}

export type Relation = Scan | Search | FacetScan | Filter | Project | Sort | Slice | Group | Join;
