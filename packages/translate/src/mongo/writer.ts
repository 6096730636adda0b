import type { Expression, Field } from '@drops/ir';
import type { MongoContext } from './context.js';
import type { Found, MongoKind, MongoRow } from './rows.js';
import { choose, type MongoValue } from './script.js';

/** Writes expressions about the documents of one stage. */
export interface MongoWriter {
  readonly context: MongoContext;
  readonly row: MongoRow;
  /** Where in the document the row stands; empty for all of it. */
  readonly base: string;
  /** The value of an expression; null or missing where it has none. */
  value(expression: Expression): MongoValue;
  /** An expression that is true or false. */
  condition(expression: Expression): MongoValue;
  kindOf(expression: Expression): MongoKind;
  /** It may be an array or object, whose order and equality MongoDB tells otherwise. */
  isComposite(expression: Expression): boolean;
  find(field: Field): Found;
  /** The list that a sub-query was looked up as. */
  answerOf(expression: Expression): MongoValue | undefined;
  /** A writer for the same document, read as another row. */
  among(row: MongoRow, base: string): MongoWriter;
}

const simple = (value: MongoValue): boolean =>
  value === null || typeof value !== 'object' || '$literal' in value;

/** Names a value that is used more than once, unless it is short. */
export function withName(
  writer: MongoWriter,
  value: MongoValue,
  use: (named: MongoValue) => MongoValue,
): MongoValue {
  if (simple(value)) return use(value);
  const name = writer.context.nextVariable();
  return { $let: { vars: { [name]: value }, in: use(`$$${name}`) } };
}

/** Neither null nor missing. */
export function present(value: MongoValue): MongoValue {
  return { $ne: [{ $ifNull: [value, null] }, null] };
}

/** True for values of one type. */
export function isOfKind(value: MongoValue, kind: 'text' | 'number' | 'boolean'): MongoValue {
  if (kind === 'number') return { $isNumber: value };
  return { $eq: [{ $type: value }, kind === 'text' ? 'string' : 'bool'] };
}

/** The type of a value, all numbers being one. */
export function typeName(value: MongoValue): MongoValue {
  return choose({ $isNumber: value }, 'number', { $type: value });
}

/** All of these; the guards stand first. */
export function allOf(terms: readonly MongoValue[]): MongoValue {
  const needed = terms.filter((t) => t !== true);
  if (needed.includes(false)) return false;
  const [only] = needed;
  if (only === undefined) return true;
  return needed.length === 1 ? only : { $and: needed };
}
