import type { Span } from '@drops/diagnostics';
import type { Json } from '../values/json.js';
import type { Path } from '../values/path.js';
import type { Relation } from './relations.js';

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
 * `system`: a column of the drop. `payload`: the payload of the (left) drop.
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
