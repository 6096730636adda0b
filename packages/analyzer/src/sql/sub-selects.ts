import { fail, type Span } from '@drops/diagnostics';
import {
  andOf,
  equalPlans,
  literalOf,
  type Expression,
  type InQuery,
  type Or,
  type Project,
  type Relation,
} from '@drops/ir';
import type { SelectStmt, SubLink } from '@pgsql/types';
import { lowerOperand, nameOf } from './operands.js';
import { exists } from './predicates.js';
import type { SqlScope } from './scope.js';

/** A sub-select as a relation of one column: handed in, since a SELECT holds conditions and they hold SELECTs. */
export type LowerSubselect = (select: SelectStmt, span: Span) => Relation;

export interface ConditionContext {
  readonly scope: SqlScope;
  readonly subselect: LowerSubselect;
}

/** True when a relation's only column is never null, as far as its own filter tells. */
function hasNoNulls(relation: Relation): relation is Project {
  if (relation.kind !== 'Project') return false;
  const [item] = relation.items;
  if (item?.expression.kind !== 'Field') return false;
  const { path, scope } = item.expression;
  for (let r: Relation = relation.input; ; r = r.input) {
    if (r.kind === 'Filter') {
      const terms = r.predicate.kind === 'And' ? r.predicate.terms : [r.predicate];
      const guards = terms.some(
        (term) =>
          term.kind === 'Exists' &&
          !term.negated &&
          term.operand.kind === 'Field' &&
          term.operand.scope === scope &&
          JSON.stringify(term.operand.path) === JSON.stringify(path),
      );
      if (guards) return true;
    }
    if (r.kind !== 'Filter' && r.kind !== 'Sort' && r.kind !== 'Slice') return false;
  }
}

/** True when a sub-select yields no row: nothing, not even null, is in it. */
function isEmpty(query: Project, span: Span): Expression {
  const yes = literalOf(true, span);
  const rows: Project = { ...query, items: query.items.map(({ as }) => ({ as, expression: yes })) };
  return { kind: 'InQuery', operand: yes, query: rows, negated: true, span };
}

/** `x NOT IN (…)`: also of null, which is not known to be among some values, but is not among none. */
const notAmong = (found: InQuery, query: Project, span: Span): Or => ({
  kind: 'Or',
  terms: [found, isEmpty(query, span)],
  span,
});

/** The condition that `notAmong` was made of. */
function foundOf(term: Expression): InQuery | undefined {
  if (term.kind !== 'Or' || term.terms.length !== 2) return undefined;
  const [found, empty] = term.terms;
  if (found?.kind !== 'InQuery' || empty?.kind !== 'InQuery' || found.query.kind !== 'Project')
    return undefined;
  return equalPlans(notAmong(found, found.query, term.span), term) ? found : undefined;
}

/**
 * Conditions that all must hold, where `x NOT IN (…)` stands beside `x IS NOT NULL`: of what is there it needs not be known whether the
 * sub-select yields anything, and what is outside of some values is there.
 */
export function withKnown(terms: readonly Expression[]): readonly Expression[] {
  const told = new Set<Expression>();
  const simpler = terms.map((term, i) => {
    const found = foundOf(term);
    if (!found) return term;
    // The one behind it first: that is how it is written.
    const teller = [...terms.slice(i + 1), ...terms.slice(0, i)].find(
      (one) =>
        one.kind === 'Exists' && !one.negated && !told.has(one) && equalPlans(one.operand, found.operand),
    );
    if (!teller) return term;
    told.add(teller);
    return found;
  });
  return simpler.filter((term) => !told.has(term));
}

/** `x IN (SELECT …)`, or with `yes` false `NOT IN`. */
export function lowerSubLink(link: SubLink, yes: boolean, context: ConditionContext, span: Span): Expression {
  const { testexpr, subselect, subLinkType, operName } = link;
  const isIn = subLinkType === 'ANY_SUBLINK' && (operName === undefined || nameOf(operName) === '=');
  if (!isIn || !testexpr || !subselect || !('SelectStmt' in subselect)) {
    fail('SQL_ERROR', 'of sub-selects Drops reads those behind IN and in FROM', { span });
  }
  const operand = lowerOperand(testexpr, context.scope);
  const query = context.subselect(subselect.SelectStmt, span);
  const found: InQuery = { kind: 'InQuery', operand, query, negated: !yes, span };
  if (hasNoNulls(query)) {
    return yes || operand.kind === 'Lit' ? found : notAmong(found, query, span);
  }
  if (yes) return andOf([exists(operand, false, span), found], span);
  fail('SQL_ERROR', 'NOT IN finds nothing when the sub-select yields a null, which Drops does not follow', {
    span,
    hint: 'add WHERE … IS NOT NULL to the sub-select',
  });
}
