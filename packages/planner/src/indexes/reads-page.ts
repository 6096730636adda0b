import { conjuncts } from '@drops/ir';
import type { PhysicalPlan } from '../physical-plan.js';
import { answeredTerms } from './index-terms.js';

/** A page of more rows is worth a count of what an index would find. */
const mostRows = 1000;

/** Rows that come one by one as an index has them, each of which is wanted. */
function streamsIndex(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'ProjectRows':
      return streamsIndex(plan.input);
    case 'LookupJoin':
      return plan.join === 'left' && streamsIndex(plan.left);
    case 'SliceRows':
      return plan.offset === 0 && streamsIndex(plan.input);
    case 'FilterRows': {
      const { input, predicate } = plan;
      if (input.kind !== 'Access' || input.path.kind !== 'IndexScan') return false;
      const answered = answeredTerms(input.path, predicate);
      return conjuncts(predicate).every((term) => answered.includes(term)) && streamsIndex(input);
    }
    case 'Access': {
      const { path } = plan;
      if (path.kind !== 'IndexScan') return false;
      return path.order.kind === 'values' || path.equal.length === path.fields.length;
    }
    default:
      return false;
  }
}

/**
 * True for plans that read little more than one page, whatever the values of their parameters: an index answers the whole
 * predicate and gives the order. To count what it would find for other values costs more than another plan could save.
 */
export function readsPage(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'ProjectRows':
      return readsPage(plan.input);
    case 'SliceRows':
    case 'PageRows':
      return plan.limit !== undefined && plan.offset + plan.limit <= mostRows && streamsIndex(plan.input);
    default:
      return false;
  }
}
