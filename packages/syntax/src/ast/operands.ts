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
