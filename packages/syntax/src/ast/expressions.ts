import type { Find } from './queries.js';
import type { Node, Value } from './values.js';

export type PathSegment = string | number;

/**
 * A field. `name`, `.name` and `payload.name` are one field; `payload` is true only where the writing
 * chose the payload and it makes a difference: `.key` is `payload.key`, `key` the system column.
 */
export interface FieldName extends Node {
  readonly kind: 'FieldName';
  readonly path: readonly PathSegment[];
  readonly payload: boolean;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type TextMatchOperator = 'contains' | 'starts with' | 'ends with';

export interface ArithmeticExpression extends Node {
  readonly kind: 'ArithmeticExpression';
  readonly operator: ArithmeticOperator;
  readonly left: Operand;
  readonly right: Operand;
}
/** `lower(name)`, `coalesce(a, b)`, `now()`. */
export interface CallExpression extends Node {
  readonly kind: 'CallExpression';
  readonly name: string;
  readonly arguments: readonly Operand[];
}
/** What yields a value. */
export type Operand = FieldName | Value | ArithmeticExpression | CallExpression;

export interface ComparisonPredicate extends Node {
  readonly kind: 'ComparisonPredicate';
  readonly operator: ComparisonOperator;
  readonly left: Operand;
  readonly right: Operand;
}
/** `age between 18 and 30`, both ends included. */
export interface BetweenPredicate extends Node {
  readonly kind: 'BetweenPredicate';
  readonly operand: Operand;
  readonly low: Operand;
  readonly high: Operand;
}
export interface InPredicate extends Node {
  readonly kind: 'InPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
  /** The list, or a parameter holding one, or `(find …)`. */
  readonly list: Value | Find;
}
export interface TextMatchPredicate extends Node {
  readonly kind: 'TextMatchPredicate';
  readonly operator: TextMatchOperator;
  readonly left: Operand;
  readonly right: Operand;
}
/** `email exists`, `email not exists`. */
export interface ExistsPredicate extends Node {
  readonly kind: 'ExistsPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
}
/** `x is null`, `x is not null`. */
export interface IsNullPredicate extends Node {
  readonly kind: 'IsNullPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
}
export interface AndPredicate extends Node {
  readonly kind: 'AndPredicate';
  readonly terms: readonly Predicate[];
}
export interface OrPredicate extends Node {
  readonly kind: 'OrPredicate';
  readonly terms: readonly Predicate[];
}
export interface NotPredicate extends Node {
  readonly kind: 'NotPredicate';
  readonly term: Predicate;
}

/** What is true or false. Parentheses leave no node; the printer puts them back where precedence asks. */
export type Predicate =
  | ComparisonPredicate
  | BetweenPredicate
  | InPredicate
  | TextMatchPredicate
  | ExistsPredicate
  | IsNullPredicate
  | AndPredicate
  | OrPredicate
  | NotPredicate;
