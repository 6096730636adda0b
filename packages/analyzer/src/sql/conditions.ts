import { fail, type Span } from '@drops/diagnostics';
import { andOf, literalOf, type ComparisonOperator, type Expression, type Json } from '@drops/ir';
import type { A_Expr, Node } from '@pgsql/types';
import { constantOf, lowerOperand, nameOf, timeText } from './operands.js';
import { lowerSubLink, withKnown, type ConditionContext } from './sub-selects.js';
import { exists, orOf } from './predicates.js';

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['=', '='],
  ['<>', '!='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const opposite: { readonly [O in ComparisonOperator]: ComparisonOperator } = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

const never = (span: Span): Expression => ({ kind: 'Lit', value: false, span });
const isNull = (e: Expression): boolean => e.kind === 'Lit' && e.value === null;
/** Times of drops are texts of one form: what they are compared with takes that form too. */
function asTime(value: Expression, beside: Expression): Expression {
  const isTime = beside.kind === 'Field' && beside.scope === 'system' && beside.path[0] === 'created_at';
  if (!isTime || value.kind !== 'Lit' || typeof value.value !== 'string') return value;
  const time = timeText(value.value);
  if (time === undefined) fail('SQL_ERROR', `"${value.value}" is no time`, { span: value.span });
  return literalOf(time, value.span);
}

/** Null on either side makes a comparison neither true nor false, and so does its negation. */
function compare(op: ComparisonOperator, left: Expression, right: Expression, span: Span): Expression {
  if (isNull(left) || isNull(right)) return never(span);
  return { kind: 'Cmp', op, left: asTime(left, right), right: asTime(right, left), span };
}

/** What a LIKE pattern without an inner wildcard asks for. */
function likeOf(pattern: string, operand: Expression, span: Span): Expression {
  const parts: string[] = [''];
  for (let i = 0; i < pattern.length; i += 1) {
    const character = pattern.charAt(i);
    if (character === '_') {
      fail('SQL_ERROR', 'Drops has no wildcard for one character', {
        span,
        hint: "a '%' may stand at the ends",
      });
    }
    if (character === '%') parts.push('');
    else {
      if (character === '\\') i += 1;
      parts[parts.length - 1] += pattern.charAt(i);
    }
  }
  const [first = '', ...others] = parts;
  const last = others.pop();
  const text = (value: string): Expression => literalOf(value, span);
  const matches = (match: 'prefix' | 'suffix' | 'contains', value: string): Expression => ({
    kind: 'Like',
    match,
    left: operand,
    right: text(value),
    span,
  });
  if (last === undefined) return { kind: 'Cmp', op: '=', left: operand, right: text(first), span };
  const inner = others.filter((part) => part !== '');
  if (inner.length === 1 && first === '' && last === '') return matches('contains', inner[0] ?? '');
  if (inner.length > 0) {
    fail('SQL_ERROR', 'Drops looks for one text at the beginning, at the end or anywhere', {
      span,
      hint: "write several LIKE, such as a LIKE 'x%' AND a LIKE '%y%'",
    });
  }
  if (first === '' || last === '') return first === '' ? matches('suffix', last) : matches('prefix', first);
  // Both ends: they may not overlap.
  const long: Expression = {
    kind: 'Cmp',
    op: '>=',
    left: { kind: 'Fn', name: 'len', args: [operand], span },
    right: literalOf([...first, ...last].length, span),
    span,
  };
  return andOf([matches('prefix', first), matches('suffix', last), long], span);
}

function lowerLike(node: A_Expr, yes: boolean, { scope }: ConditionContext, span: Span): Expression {
  const { lexpr, rexpr } = node;
  const pattern = rexpr && 'A_Const' in rexpr ? constantOf(rexpr.A_Const) : undefined;
  if (!lexpr || typeof pattern !== 'string') {
    fail('SQL_ERROR', 'a pattern in quotes is expected behind LIKE, without ESCAPE', { span });
  }
  const operand = lowerOperand(lexpr, scope);
  const folded = node.kind === 'AEXPR_ILIKE';
  const subject: Expression = folded ? { kind: 'Fn', name: 'lower', args: [operand], span } : operand;
  const found = likeOf(folded ? pattern.toLowerCase() : pattern, subject, span);
  // NOT LIKE has a `!` in its operator.
  const wanted = nameOf(node.name).startsWith('!') ? !yes : yes;
  if (wanted) return found;
  return andOf([exists(operand, false, span), { kind: 'Not', term: found, span }], span);
}

function lowerBetween(node: A_Expr, yes: boolean, { scope }: ConditionContext, span: Span): Expression {
  const { lexpr, rexpr, kind } = node;
  const [low, high] = rexpr && 'List' in rexpr ? (rexpr.List.items ?? []) : [];
  if (!lexpr || !low || !high || (kind !== 'AEXPR_BETWEEN' && kind !== 'AEXPR_NOT_BETWEEN')) {
    fail('SQL_ERROR', 'BETWEEN SYMMETRIC is not part of the SQL that Drops reads', { span });
  }
  const operand = lowerOperand(lexpr, scope);
  const wanted = kind === 'AEXPR_BETWEEN' ? yes : !yes;
  const terms = [
    compare(wanted ? '>=' : '<', operand, lowerOperand(low, scope), span),
    compare(wanted ? '<=' : '>', operand, lowerOperand(high, scope), span),
  ];
  return wanted ? andOf(terms, span) : orOf(terms, span);
}

function lowerIn(node: A_Expr, yes: boolean, { scope }: ConditionContext, span: Span): Expression {
  const { lexpr, rexpr } = node;
  if (!lexpr || !rexpr || !('List' in rexpr)) fail('SQL_ERROR', 'a list is expected behind IN', { span });
  const operand = lowerOperand(lexpr, scope);
  const items = (rexpr.List.items ?? []).map((item) => asTime(lowerOperand(item, scope), operand));
  // NOT IN is `<>` of all.
  const wanted = nameOf(node.name) === '=' ? yes : !yes;
  // Nothing is certainly not among values of which one is unknown.
  if (!wanted && items.some(isNull)) return never(span);
  const values = items.filter((item) => !isNull(item));
  const literals = values.flatMap((item): readonly Json[] => (item.kind === 'Lit' ? [item.value] : []));
  if (literals.length === values.length) {
    return { kind: 'In', operand, list: literalOf(literals, span), negated: !wanted, span };
  }
  const terms = values.map((item) => compare(wanted ? '=' : '!=', operand, item, span));
  return wanted ? orOf(terms, span) : andOf(terms, span);
}

function lowerExpression(
  node: A_Expr,
  yes: boolean,
  context: ConditionContext,
  span: Span,
): Expression | undefined {
  switch (node.kind) {
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return lowerLike(node, yes, context, span);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return lowerBetween(node, yes, context, span);
    case 'AEXPR_IN':
      return lowerIn(node, yes, context, span);
    case 'AEXPR_OP': {
      const op = comparisons.get(nameOf(node.name));
      if (!op || !node.lexpr || !node.rexpr) return undefined;
      const left = lowerOperand(node.lexpr, context.scope);
      const right = lowerOperand(node.rexpr, context.scope);
      return compare(yes ? op : opposite[op], left, right, span);
    }
    default:
      return undefined;
  }
}

/**
 * A condition of SQL, which is true, false or unknown, as a predicate, which is true or false: it holds where the
 * condition is true, or with `yes` false where its negation is.
 */
export function lowerCondition(node: Node, yes: boolean, context: ConditionContext): Expression {
  const span = context.scope.places.of(node);
  const inner = (part: Node, wanted = yes) => lowerCondition(part, wanted, context);
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const [first] = args;
    if (boolop === 'NOT_EXPR' && first) return inner(first, !yes);
    const terms = args.map((arg) => inner(arg));
    return (boolop === 'AND_EXPR') === yes ? andOf(withKnown(terms), span) : orOf(terms, span);
  }
  if ('A_Expr' in node) {
    const found = lowerExpression(node.A_Expr, yes, context, span);
    if (found) return found;
  }
  if ('NullTest' in node && node.NullTest.arg) {
    const operand = lowerOperand(node.NullTest.arg, context.scope);
    return exists(operand, (node.NullTest.nulltesttype === 'IS_NULL') === yes, span);
  }
  if ('BooleanTest' in node && node.BooleanTest.arg) {
    return lowerBooleanTest(node.BooleanTest.booltesttype ?? '', node.BooleanTest.arg, yes, context, span);
  }
  if ('SubLink' in node) return lowerSubLink(node.SubLink, yes, context, span);
  // A value stands for a condition: it is true, or with a negation false.
  const operand = lowerOperand(node, context.scope);
  if (operand.kind === 'Lit') return literalOf(operand.value === yes, span);
  return compare('=', operand, literalOf(yes, span), span);
}

function lowerBooleanTest(
  test: string,
  arg: Node,
  yes: boolean,
  context: ConditionContext,
  span: Span,
): Expression {
  const negated = test.startsWith('IS_NOT_');
  const asked = test.replace('IS_NOT_', 'IS_');
  if (asked !== 'IS_TRUE' && asked !== 'IS_FALSE') {
    fail('SQL_ERROR', 'IS UNKNOWN is written IS NULL', { span });
  }
  const found = lowerCondition(arg, asked === 'IS_TRUE', context);
  return negated === yes ? { kind: 'Not', term: found, span } : found;
}

/** The terms of a condition that all must hold. */
export function termsOf(node: Node): readonly Node[] {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop !== 'AND_EXPR') return [node];
  return (node.BoolExpr.args ?? []).flatMap(termsOf);
}
