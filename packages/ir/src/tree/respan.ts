import type { Span } from '@drops/diagnostics';
import type { Relation } from '../nodes/relational.js';
import { rewriteRelation } from './rewrite.js';

/** The relation as if all of it stood at one place: what is inlined from a view points to the view's name. */
export function respan(relation: Relation, span: Span): Relation {
  return rewriteRelation(relation, {
    relation: (node) => {
      if (node.kind === 'Group') {
        return { ...node, span, aggregates: node.aggregates.map((a) => ({ ...a, span })) };
      }
      if ((node.kind === 'Scan' || node.kind === 'Search') && node.asOf) {
        return { ...node, span, asOf: { ...node.asOf, span } };
      }
      return { ...node, span };
    },
    expression: (node) => ({ ...node, span }),
  });
}
