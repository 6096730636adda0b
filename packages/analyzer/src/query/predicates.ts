import { assertNever, fail } from '@drops/diagnostics';
import {
  andOf,
  checkListValue,
  comparison,
  rowShape,
  type Expression,
  type Like,
  type Relation,
} from '@drops/ir';
import type { Find, InPredicate, Predicate, TextMatchOperator } from '@drops/syntax';
import { lowerValue } from '../values.js';
import { lowerOperand } from './operands.js';
import type { RowScope } from './row-scope.js';

/** Lowers the query of `in (find …)`: handed in, since queries hold predicates and predicates queries. */
export type LowerSubquery = (find: Find) => Relation;

const matches: { readonly [O in TextMatchOperator]: Like['match'] } = {
  contains: 'contains',
  'starts with': 'prefix',
  'ends with': 'suffix',
};

/** A predicate over rows of the scope. Tests for null become `Exists`, `between` its two comparisons. */
export function lowerPredicate(node: Predicate, scope: RowScope, subquery: LowerSubquery): Expression {
  const { span } = node;
  const lower = (p: Predicate): Expression => lowerPredicate(p, scope, subquery);
  switch (node.kind) {
    case 'ComparisonPredicate':
      return comparison(node.operator, lowerOperand(node.left, scope), lowerOperand(node.right, scope), span);
    case 'BetweenPredicate': {
      const operand = lowerOperand(node.operand, scope);
      return andOf(
        [
          comparison('>=', operand, lowerOperand(node.low, scope), span),
          comparison('<=', operand, lowerOperand(node.high, scope), span),
        ],
        span,
      );
    }
    case 'InPredicate':
      return lowerIn(node, scope, subquery);
    case 'TextMatchPredicate':
      return {
        kind: 'Like',
        match: matches[node.operator],
        left: lowerOperand(node.left, scope),
        right: lowerOperand(node.right, scope),
        span,
      };
    case 'ExistsPredicate':
      return { kind: 'Exists', operand: lowerOperand(node.operand, scope), negated: node.negated, span };
    case 'IsNullPredicate':
      return { kind: 'Exists', operand: lowerOperand(node.operand, scope), negated: !node.negated, span };
    case 'AndPredicate':
      return andOf(node.terms.map(lower), span);
    case 'OrPredicate':
      return {
        kind: 'Or',
        terms: node.terms.map(lower).flatMap((t) => (t.kind === 'Or' ? t.terms : [t])),
        span,
      };
    case 'NotPredicate':
      return { kind: 'Not', term: lower(node.term), span };
    default:
      return assertNever(node);
  }
}

function lowerIn(node: InPredicate, scope: RowScope, subquery: LowerSubquery): Expression {
  const { negated, span } = node;
  const operand = lowerOperand(node.operand, scope);
  if (node.list.kind === 'Find') {
    const query = subquery(node.list);
    if (rowShape(query) !== 'flat') {
      fail('TYPE_ERROR', 'the query after "in" gives whole drops; one column was expected', {
        span: node.list.span,
        hint: 'end it with a field: in (find R then pick key)',
      });
    }
    return { kind: 'InQuery', operand, query, negated, span };
  }
  const list = lowerValue(node.list);
  if (list.kind === 'Lit') checkListValue(list.value, list.span);
  else if (list.kind === 'Object') {
    fail('TYPE_ERROR', '"in" needs a list; found an object', { span: list.span });
  }
  return { kind: 'In', operand, list, negated, span };
}
