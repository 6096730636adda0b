import type { Span } from '@drops/diagnostics';
import type { Json } from '../values/json.js';
import type { Path } from '../values/path.js';

// Relations hold expressions, and a subquery is an expression that holds a relation: one recursive type, one file.

/** Every node says where it came from; spans are the only trace of the source in the IR. */
export interface Spanned {
  readonly span: Span;
}

/** What is known of a field: the type its pattern gives, else unknown. */
export type FieldType =
  | 'unknown'
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'identifier'
  | 'blob'
  | 'location'
  | 'amount'
  | 'relation'
  | 'array';

export type SystemColumn = 'key' | 'created_at' | 'drop_id' | 'route' | 'source';

/**
 * Where a field looks.
 * `system`: a column of the drop, and `score` of what a search has found. `payload`: the payload of the (left) drop.
 * `either`: after a join; the left payload, then the joined record when the left has none.
 * `joined`: the joined record (its payload fields and `key`). `column`: a column of a grouped or picked row.
 */
export type FieldScope = 'system' | 'payload' | 'either' | 'joined' | 'column';

export interface Field extends Spanned {
  readonly kind: 'Field';
  readonly scope: FieldScope;
  readonly path: Path;
  readonly type: FieldType;
}
export interface Lit extends Spanned {
  readonly kind: 'Lit';
  readonly value: Json;
  /** The parameter that it is a value of: a physical plan made for this text or number serves others too. */
  readonly slot?: string;
}
export interface Param extends Spanned {
  readonly kind: 'Param';
  readonly name: string;
}
/** An array or object literal that holds parameters; without any it is one `Lit`. */
export interface ListExpression extends Spanned {
  readonly kind: 'List';
  readonly items: readonly Expression[];
}
export interface ObjectExpression extends Spanned {
  readonly kind: 'Object';
  readonly members: readonly { readonly name: string; readonly value: Expression }[];
}
export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
/** Null on either side is false, except for `=` and `!=` against the literal null, which lower to `Exists`. */
export interface Cmp extends Spanned {
  readonly kind: 'Cmp';
  readonly op: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** The or of equals, null included. `negated` is the and of `!=`: always false for a null operand. */
export interface In extends Spanned {
  readonly kind: 'In';
  readonly operand: Expression;
  /** A `Lit` array, a `List`, or a `Param` holding an array. */
  readonly list: Expression;
  readonly negated: boolean;
}
/** `in (find … then pick f)`: the first column of each row of the query. */
export interface InQuery extends Spanned {
  readonly kind: 'InQuery';
  readonly operand: Expression;
  readonly query: Relation;
  readonly negated: boolean;
}
export interface Like extends Spanned {
  readonly kind: 'Like';
  readonly match: 'contains' | 'prefix' | 'suffix';
  readonly left: Expression;
  readonly right: Expression;
}
/** Neither null nor missing; negated: null or missing. */
export interface Exists extends Spanned {
  readonly kind: 'Exists';
  readonly operand: Expression;
  readonly negated: boolean;
}
export interface And extends Spanned {
  readonly kind: 'And';
  readonly terms: readonly Expression[];
}
export interface Or extends Spanned {
  readonly kind: 'Or';
  readonly terms: readonly Expression[];
}
/** Two-valued: what is not true becomes true. */
export interface Not extends Spanned {
  readonly kind: 'Not';
  readonly term: Expression;
}
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
/** Numbers only; anything else, and division by zero, yields null. */
export interface Arith extends Spanned {
  readonly kind: 'Arith';
  readonly op: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export type FunctionName =
  | 'lower'
  | 'upper'
  | 'trim'
  | 'len'
  | 'concat'
  | 'coalesce'
  | 'abs'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'now'
  | 'date';
export interface Fn extends Spanned {
  readonly kind: 'Fn';
  readonly name: FunctionName;
  readonly args: readonly Expression[];
}

export type Expression =
  | Field
  | Lit
  | Param
  | ListExpression
  | ObjectExpression
  | Cmp
  | In
  | InQuery
  | Like
  | Exists
  | And
  | Or
  | Not
  | Arith
  | Fn;

/** A number or text in the plan that may still be a parameter. */
export type NumberArgument = number | Param;
export type TextArgument = string | Param;

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
  /** Read for the sake of a view of this name. */
  readonly view?: string;
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
  /** Results show where the words of the text stand in them. */
  readonly highlight?: boolean;
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
