import { fail } from '@drops/diagnostics';
import { walk, type Expression, type Plan, type Relation, type Search as SearchNode } from '@drops/ir';
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
  const clauses = { ...node.clauses, ...(node.asOf && { asOf: node.asOf }) };
  return finishQuery(filtered(source, node, context), clauses, node.pipes, 'search', node.span, context);
}

/** The condition of a search is about what it finds, so that `score` in it is a field of theirs; `min_score` is about the score. */
function filtered(source: SearchNode, { where, clauses }: Search, context: LowerContext): Relation {
  if (!where) return source;
  const documents: RowScope = { kind: 'drop', pattern: undefined };
  const predicate = lowerPredicate(where, documents, clauseContext(context).subquery);
  if (clauses.join) checkOwnFields(predicate);
  return { kind: 'Filter', input: source, predicate, span: where.span };
}

/** The condition decides what is found, before anything is joined to it. */
function checkOwnFields(predicate: Expression): void {
  walk(predicate, (node) => {
    if (node.kind === 'InQuery') return 'skip';
    if (node.kind === 'Field' && node.path[0] === '_joined') {
      fail(
        'TYPE_ERROR',
        'the condition of a search is about what it finds, and nothing is joined to that yet',
        {
          span: node.span,
          hint: 'ask about what is joined in a pipe: then where _joined.city = "Oslo"',
        },
      );
    }
    return undefined;
  });
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
