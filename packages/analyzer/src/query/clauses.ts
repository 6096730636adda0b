import { cover, fail, warningOf, type Span } from '@drops/diagnostics';
import { rowShape, type Expression, type Relation, type SortKey } from '@drops/ir';
import type { Clauses, Find, JoinClause, SortKey as SortNode } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerNumber, lowerText } from '../values.js';
import { lowerGroup } from './aggregates.js';
import { lowerPredicate } from './predicates.js';
import { resolveField, resolveJoined, scopeOf } from './row-scope.js';
import { lowerSource } from './sources.js';

/** What the lowering of clauses needs beside them. */
export interface ClauseContext extends LowerContext {
  readonly subquery: (find: Find) => Relation;
}

/** Applies the clauses in their fixed order: join, where, group, having, sort, page. Writing order leaves no trace. */
export function applyClauses(
  source: Relation,
  clauses: Clauses,
  span: Span,
  context: ClauseContext,
): Relation {
  let relation = source;
  if (clauses.join) relation = lowerJoin(relation, clauses.join, clauses.asOf, context);
  if (clauses.where) relation = filter(relation, clauses.where, context);
  const aggregates = clauses.aggregates ?? [];
  if (clauses.group || aggregates.length > 0) {
    relation = lowerGroup(
      relation,
      scopeOf(relation, context.catalog),
      clauses.group,
      aggregates,
      groupSpan(clauses, span),
    );
  }
  if (clauses.having) {
    if (rowShape(relation) !== 'flat') {
      fail('SYNTAX_ERROR', 'having filters groups, and there is no group before it', {
        span: clauses.having.span,
        hint: 'where filters drops',
      });
    }
    relation = filter(relation, clauses.having, context);
  }
  if (clauses.sort) relation = lowerSort(relation, clauses.sort, context);
  return lowerPage(relation, clauses, span);
}

function groupSpan(clauses: Clauses, span: Span): Span {
  const parts = [...(clauses.group ?? []), ...(clauses.aggregates ?? [])].map((n) => n.span);
  return parts.length === 0 ? span : parts.reduce(cover);
}

/** Keeps the rows for which the predicate holds. */
export function filter(
  input: Relation,
  predicate: NonNullable<Clauses['where']>,
  context: ClauseContext,
): Relation {
  const lowered: Expression = lowerPredicate(predicate, scopeOf(input, context.catalog), context.subquery);
  return { kind: 'Filter', input, predicate: lowered, span: predicate.span };
}

/** Sorts rows by fields or columns. */
export function lowerSort(input: Relation, nodes: readonly SortNode[], context: LowerContext): Relation {
  const scope = scopeOf(input, context.catalog);
  const keys: SortKey[] = nodes.map((k) => ({
    expression: resolveField(k.field, scope),
    descending: k.descending,
  }));
  return { kind: 'Sort', input, keys, span: nodes.map((n) => n.span).reduce(cover) };
}

/** Both sides of a join are read as of the same point. */
function lowerJoin(
  left: Relation,
  node: JoinClause,
  asOf: Clauses['asOf'],
  context: ClauseContext,
): Relation {
  const right = lowerSource(node.route, { rows: 'all', clauses: { ...(asOf && { asOf }) } }, context);
  if (rowShape(right) !== 'drop') {
    fail('TYPE_ERROR', `'${node.route.path}' gives columns; only drops can be joined`, {
      span: node.route.span,
    });
  }
  if (rowShape(left) !== 'drop') {
    fail('TYPE_ERROR', 'only drops can be joined, and the left side gives other rows', { span: node.span });
  }
  const on = {
    left: resolveField(node.left, scopeOf(left, context.catalog)),
    right: resolveJoined(node.right),
  };
  return { kind: 'Join', join: node.join, left, right, on: [on], span: node.span };
}

/** skip, limit and after make one page: the reply tells `has_more` and a cursor. */
function lowerPage(input: Relation, clauses: Clauses, span: Span): Relation {
  const { limit, skip, after } = clauses;
  if (!limit && !skip && !after) return input;
  return {
    kind: 'Slice',
    input,
    offset: skip ? lowerNumber(skip, 'count', 'skip') : 0,
    ...(limit && { limit: lowerNumber(limit, 'count', 'limit') }),
    single: false,
    paged: true,
    ...(after && { after: lowerText(after, 'cursor', 'the cursor') }),
    // A broken cursor is what can still go wrong with a page: the span points at it.
    span: after?.span ?? limit?.span ?? skip?.span ?? span,
  };
}

/** `group city count as n` at the end of a query names a column, not a view, which may not be what was meant. */
export function warnLoneAlias(clauses: Clauses, context: LowerContext): void {
  const alias = clauses.aggregates?.at(-1)?.alias;
  const later =
    clauses.view ?? clauses.having ?? clauses.sort ?? clauses.limit ?? clauses.skip ?? clauses.after;
  if (!alias || later) return;
  context.warn(
    warningOf('LIKELY_MISTAKE', `'as ${alias.text}' names the column; no view was made`, {
      span: alias.span,
      hint: `for a view add a second one: as ${alias.text} as my_view`,
    }),
  );
}
