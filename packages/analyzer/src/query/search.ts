import { fail } from '@drops/diagnostics';
import type { Expression, Plan, Relation, Search as SearchNode } from '@drops/ir';
import type { Search, Value } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerRoute } from '../routes.js';
import { lowerNumber, lowerText, lowerValue } from '../values.js';
import { lowerPredicate } from './predicates.js';
import { clauseContext, finishQuery } from './queries.js';
import type { RowScope } from './row-scope.js';
import { lowerAsOf } from './sources.js';

/** Results of a search that names no number. */
export const defaultTop = 10;

/** `search R "text" top 5`. Without text and vector the vector comes beside the statement. */
export function lowerSearch(node: Search, context: LowerContext): Plan {
  const source: SearchNode = {
    kind: 'Search',
    route: lowerRoute(node.route),
    ...(node.text && { text: lowerText(node.text, 'text', 'the text') }),
    ...(node.vector && { vector: lowerVector(node.vector) }),
    limit: node.top ? lowerNumber(node.top, 'top', 'top') : defaultTop,
    ...(node.candidates && { candidates: lowerNumber(node.candidates, 'count', 'candidates') }),
    ...(node.fusion && { fusion: lowerText(node.fusion, 'fusion', 'fusion') }),
    ...(node.minScore && { minScore: lowerNumber(node.minScore, 'score', 'min_score') }),
    ...(node.highlight && { highlight: true }),
    ...(node.asOf && { asOf: lowerAsOf(node.asOf) }),
    span: node.span,
  };
  return finishQuery(filtered(source, node, context), {}, node.pipes, 'search', node.span, context);
}

/** The condition of a search is about what it finds, so that `score` in it is a field of theirs; `min_score` is about the score. */
function filtered(source: SearchNode, { where }: Search, context: LowerContext): Relation {
  if (!where) return source;
  const documents: RowScope = { kind: 'drop', pattern: undefined };
  const predicate = lowerPredicate(where, documents, clauseContext(context).subquery);
  return { kind: 'Filter', input: source, predicate, span: where.span };
}

function lowerVector(node: Value): Expression {
  const vector = lowerValue(node);
  if (vector.kind !== 'Lit') return vector;
  const { value } = vector;
  if (!Array.isArray(value) || value.length === 0 || !value.every((n) => typeof n === 'number')) {
    fail('INVALID_VECTOR', 'a vector is a list of numbers', {
      span: node.span,
      hint: 'vector (0.12, -0.34)',
    });
  }
  return vector;
}
