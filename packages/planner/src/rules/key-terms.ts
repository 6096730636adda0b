import { isArray, type Expression, type Json } from '@drops/ir';

function isKey(expression: Expression): boolean {
  return expression.kind === 'Field' && expression.scope === 'system' && expression.path[0] === 'key';
}

/** The literal of `key = literal`, either way round; null never comes here, it lowers to a test of existence. */
export function keyEquality(term: Expression): Json | undefined {
  if (term.kind !== 'Cmp' || term.op !== '=') return undefined;
  const [field, value] = isKey(term.left) ? [term.left, term.right] : [term.right, term.left];
  return isKey(field) && value.kind === 'Lit' && value.value !== null ? value.value : undefined;
}

/** The literals of `key in (…)`. */
export function keyMembership(term: Expression): readonly Json[] | undefined {
  if (term.kind !== 'In' || term.negated || !isKey(term.operand)) return undefined;
  return term.list.kind === 'Lit' && isArray(term.list.value) ? term.list.value : undefined;
}
