import { isArray, type Expression, type Json, type Lit } from '@drops/ir';

function isKey(expression: Expression): boolean {
  return expression.kind === 'Field' && expression.scope === 'system' && expression.path[0] === 'key';
}

/** A key that is looked up, and the parameter that it is a value of. */
export interface KeyTerm {
  readonly key: string;
  readonly slot?: string;
}

function keyTerm({ value, slot }: Lit): KeyTerm | undefined {
  if (typeof value !== 'string') return undefined;
  return slot === undefined ? { key: value } : { key: value, slot };
}

/** The text of `key = "text"`, either way round; undefined for any other term. */
export function keyEquality(term: Expression): KeyTerm | undefined {
  if (term.kind !== 'Cmp' || term.op !== '=') return undefined;
  const [field, value] = isKey(term.left) ? [term.left, term.right] : [term.right, term.left];
  return isKey(field) && value.kind === 'Lit' ? keyTerm(value) : undefined;
}

/** The literals of `key in (…)`. */
export function keyMembership(term: Expression): readonly Json[] | undefined {
  if (term.kind !== 'In' || term.negated || !isKey(term.operand)) return undefined;
  return term.list.kind === 'Lit' && isArray(term.list.value) ? term.list.value : undefined;
}
