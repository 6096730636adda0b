import { andOf, conjuncts, isArray, type Expression, type Json, type Lit } from '@drops/ir';
import { isPredicate, rewriteOwn } from '../expression-tree.js';
import type { Rule } from '../rule.js';
import { arithmetic } from '../scalars/arithmetic.js';
import { compareScalars, matchScalars } from '../scalars/comparison.js';
import { callFunction } from '../scalars/functions.js';

const lit = (value: Json, at: Expression): Lit => ({ kind: 'Lit', value, span: at.span });

/**
 * A literal in place of a computation, unless it is null: a literal null beside `=` means something else
 * than a computed one, so what yields null (a division by zero, say) stays a computation.
 */
function folded(value: Json, at: Expression): Expression {
  return value === null ? at : lit(value, at);
}

/** A literal that is the same whenever the plan is run: the value of a parameter is not, so nothing is computed of it. */
const isConstant = (e: Expression): e is Lit => e.kind === 'Lit' && e.slot === undefined;

function literalsOf(expressions: readonly Expression[]): readonly Json[] | undefined {
  const values: Json[] = [];
  for (const expression of expressions) {
    if (!isConstant(expression)) return undefined;
    values.push(expression.value);
  }
  return values;
}

const isLiteral = (e: Expression, value: Json): boolean => e.kind === 'Lit' && e.value === value;

function foldAnd(nested: readonly Expression[], at: Expression): Expression {
  if (nested.every((term) => term.kind !== 'And' && term.kind !== 'Lit')) return at;
  const terms = nested.flatMap(conjuncts);
  const kept = terms.filter((term) => !isLiteral(term, true));
  if (kept.some((term) => isLiteral(term, false))) return lit(false, at);
  if (kept.length === terms.length) return at;
  return kept.every(isPredicate) || kept.length > 1 ? andOf(kept, at.span) : at;
}

function foldOr(terms: readonly Expression[], at: Expression): Expression {
  if (terms.some((term) => isLiteral(term, true))) return lit(true, at);
  const kept = terms.filter((term) => !isLiteral(term, false));
  const [only] = kept;
  if (only === undefined) return lit(false, at);
  if (kept.length === terms.length) return at;
  if (kept.length === 1) return isPredicate(only) ? only : at;
  return { kind: 'Or', terms: kept, span: at.span };
}

function foldNot(term: Expression, at: Expression): Expression {
  if (term.kind === 'Lit') return lit(term.value !== true, at);
  if (term.kind === 'Not' && isPredicate(term.term)) return term.term;
  if (term.kind === 'Exists') return { ...term, negated: !term.negated };
  return at;
}

function foldIn(e: Extract<Expression, { kind: 'In' }>): Expression {
  if (e.list.kind !== 'Lit' || !isArray(e.list.value)) return e;
  const [first] = e.list.value;
  if (first === undefined && !e.negated) return lit(false, e);
  if (e.list.value.length !== 1 || first === undefined || first === null) return e;
  return {
    kind: 'Cmp',
    op: e.negated ? '!=' : '=',
    left: e.operand,
    right: lit(first, e.list),
    span: e.span,
  };
}

function fold(e: Expression): Expression {
  switch (e.kind) {
    case 'And':
      return foldAnd(e.terms, e);
    case 'Or':
      return foldOr(e.terms, e);
    case 'Not':
      return foldNot(e.term, e);
    case 'In':
      return foldIn(e);
    case 'Exists':
      return e.operand.kind === 'Lit' ? lit((e.operand.value !== null) !== e.negated, e) : e;
    case 'Cmp': {
      const nullOrder = (x: Expression) => isLiteral(x, null) && e.op !== '=' && e.op !== '!=';
      if (nullOrder(e.left) || nullOrder(e.right)) return lit(false, e);
      if (!isConstant(e.left) || !isConstant(e.right)) return e;
      if (e.left.value === null || e.right.value === null) return e;
      return lit(compareScalars(e.op, e.left.value, e.right.value), e);
    }
    case 'Like':
      if (!isConstant(e.left) || !isConstant(e.right)) return e;
      return lit(matchScalars(e.match, e.left.value, e.right.value), e);
    case 'Arith':
      if (!isConstant(e.left) || !isConstant(e.right)) return e;
      return folded(arithmetic(e.op, e.left.value, e.right.value), e);
    case 'Fn': {
      const values = e.name === 'now' ? undefined : literalsOf(e.args);
      return e.name === 'now' || values === undefined ? e : folded(callFunction(e.name, values), e);
    }
    default:
      return e;
  }
}

/** The value of what does not depend on a row: `2 + 3` → `5`, `x in (1)` → `x = 1`, `a and true` → `a`. */
export function foldExpression(expression: Expression): Expression {
  return rewriteOwn(expression, fold);
}

function foldAs<T extends { readonly expression: Expression }>(list: readonly T[]): readonly T[] {
  const mapped = list.map((item) => {
    const expression = foldExpression(item.expression);
    return expression === item.expression ? item : { ...item, expression };
  });
  return mapped.every((item, i) => item === list[i]) ? list : mapped;
}

/** Computes once what is the same for every row. `now()` keeps its place: a plan outlives one statement. */
export const foldConstants: Rule = {
  name: 'fold-constants',
  order: 'bottom-up',
  on: ['FilterRows', 'ProjectRows'],
  rewrite(plan) {
    if (plan.kind === 'FilterRows') {
      const predicate = foldExpression(plan.predicate);
      return predicate === plan.predicate ? plan : { ...plan, predicate };
    }
    if (plan.kind === 'ProjectRows') {
      const items = foldAs(plan.items);
      return items === plan.items ? plan : { ...plan, items };
    }
    return plan;
  },
};
