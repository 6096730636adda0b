import { cover } from '@drops/diagnostics';
import type { ArithmeticOperator, Operand, Predicate } from '../ast/index.js';

export type LogicWord = 'and' | 'or';

function binary(operator: ArithmeticOperator, left: Operand, right: Operand): Operand {
  return { kind: 'ArithmeticExpression', operator, left, right, span: cover(left.span, right.span) };
}

/** The tree of `a + b * c - d`: `*`, `/`, `%` bind closer, all of them to the left. */
export function combineArithmetic(
  operands: readonly Operand[],
  operators: readonly ArithmeticOperator[],
): Operand {
  let sum: Operand | undefined;
  let sign: ArithmeticOperator = '+';
  let product = operands[0];
  operators.forEach((operator, index) => {
    const next = operands[index + 1];
    if (!product || !next) return;
    if (operator === '+' || operator === '-') {
      sum = sum ? binary(sign, sum, product) : product;
      sign = operator;
      product = next;
    } else product = binary(operator, product, next);
  });
  if (!product) throw new Error('invariant: no operand');
  return sum ? binary(sign, sum, product) : product;
}

function joined(kind: 'AndPredicate' | 'OrPredicate', terms: readonly Predicate[]): Predicate {
  const [first] = terms;
  const last = terms.at(-1);
  if (!first || !last) throw new Error('invariant: no term');
  if (terms.length === 1) return first;
  return { kind, terms, span: cover(first.span, last.span) };
}

/** The tree of `a and b or c`: `and` binds closer. */
export function combineLogic(terms: readonly Predicate[], words: readonly LogicWord[]): Predicate {
  const alternatives: Predicate[] = [];
  let run: Predicate[] = [];
  terms.forEach((term, index) => {
    run.push(term);
    if (words[index] === 'and') return;
    alternatives.push(joined('AndPredicate', run));
    run = [];
  });
  return joined('OrPredicate', alternatives);
}
