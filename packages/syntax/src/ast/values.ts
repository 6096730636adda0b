import type { Json, Span } from '@drops/diagnostics';

/** Every node says where it stands in its source. */
export interface Node {
  readonly span: Span;
}

export interface StringValue extends Node {
  readonly kind: 'StringValue';
  readonly value: string;
}
export interface NumberValue extends Node {
  readonly kind: 'NumberValue';
  readonly value: number;
}
export interface BooleanValue extends Node {
  readonly kind: 'BooleanValue';
  readonly value: boolean;
}
export interface NullValue extends Node {
  readonly kind: 'NullValue';
}
/** `{ a: 1 }`, or pairs without braces when a payload is written so. Duplicate names stay; the last wins later. */
export interface ObjectValue extends Node {
  readonly kind: 'ObjectValue';
  readonly members: readonly Member[];
}
export interface Member extends Node {
  readonly name: string;
  readonly value: Value;
}
/** `(1, 2)` or `[1, 2]`. */
export interface ArrayValue extends Node {
  readonly kind: 'ArrayValue';
  readonly items: readonly Value[];
}
/** A large literal that was read by JSON.parse instead of the grammar. */
export interface JsonValue extends Node {
  readonly kind: 'JsonValue';
  readonly value: Json;
}
/** `$name`, bound when the statement runs. */
export interface Parameter extends Node {
  readonly kind: 'Parameter';
  readonly name: string;
}

export type Value =
  StringValue | NumberValue | BooleanValue | NullValue | ObjectValue | ArrayValue | JsonValue | Parameter;

/** A number where the grammar wants one: `limit 10`, `keep $ttl`. */
export type NumberArgument = NumberValue | Parameter;

/** A text where the grammar wants one: `subject "Hi"`, `after $cursor`. */
export type TextArgument = StringValue | Parameter;

/** A route, written bare or quoted; `subtree` when it ends in `/*`. */
export interface RouteName extends Node {
  readonly kind: 'RouteName';
  readonly path: string;
  readonly subtree: boolean;
}

/** `@key`, `@"quoted/key"` or `@$name`. */
export interface KeyName extends Node {
  readonly kind: 'KeyName';
  readonly key: string | Parameter;
}

/** A bare name that is no route, key or field: a view, a schedule, a format. */
export interface Name extends Node {
  readonly kind: 'Name';
  readonly text: string;
}
