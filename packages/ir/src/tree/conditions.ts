import type { Span } from '@drops/diagnostics';
import type { ComparisonOperator, Expression, Lit } from '../nodes/relational.js';
import type { Json } from '../values/json.js';
import { storableJson } from '../values/stored-json.js';

/** A literal; TYPE_ERROR for what can never be a value, such as 1e400. */
export function literalOf(value: Json, span: Span): Lit {
  return { kind: 'Lit', value: storableJson(value, span), span };
}

/** The terms of a conjunction, flattened; a lone predicate is its own only term. */
export function conjuncts(predicate: Expression): readonly Expression[] {
  if (predicate.kind !== 'And') return [predicate];
  const isFlat = predicate.terms.every((term) => term.kind !== 'And');
  return isFlat ? predicate.terms : predicate.terms.flatMap(conjuncts);
}

/** One predicate out of several; none is true, one is itself, nested conjunctions are flattened. */
export function andOf(terms: readonly Expression[], span: Span): Expression {
  const flat = terms.flatMap(conjuncts);
  const [first] = flat;
  if (first === undefined) return { kind: 'Lit', value: true, span };
  return flat.length === 1 ? first : { kind: 'And', terms: flat, span };
}

const isNull = (e: Expression): boolean => e.kind === 'Lit' && e.value === null;

/**
 * A comparison in its normal form: `= null` is "does not exist", `!= null` "exists".
 * Used when lowering and again when a parameter turns out to be null.
 */
export function comparison(
  op: ComparisonOperator,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  if (op === '=' || op === '!=') {
    if (isNull(right)) return { kind: 'Exists', operand: left, negated: op === '=', span };
    if (isNull(left)) return { kind: 'Exists', operand: right, negated: op === '=', span };
  }
  return { kind: 'Cmp', op, left, right, span };
}
