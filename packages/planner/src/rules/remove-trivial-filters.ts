import { conjuncts, type Expression } from '@drops/ir';
import type { PhysicalPlan } from '../physical-plan.js';
import type { Rule } from '../rule.js';
import { shapeOf } from '../row-shape.js';

function isFalse(term: Expression): boolean {
  return term.kind === 'Lit' && term.value !== true;
}

const isEmpty = (plan: PhysicalPlan): boolean => plan.kind === 'Empty';

function isNever(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'FilterRows':
      return isEmpty(plan.input) || conjuncts(plan.predicate).some(isFalse);
    case 'SliceRows':
    case 'TopRows':
      return isEmpty(plan.input) || (plan.kind === 'SliceRows' ? plan.limit : plan.count) === 0;
    case 'SortRows':
    case 'ProjectRows':
    case 'ResumeRows':
    case 'PageRows':
      return isEmpty(plan.input);
    case 'GroupRows':
      // Without `by` there is one row even over nothing.
      return plan.by !== null && isEmpty(plan.input);
    case 'LookupJoin':
      return isEmpty(plan.left);
    case 'IndexLookupJoin':
    case 'HashJoin':
      return isEmpty(plan.left) || (plan.join === 'inner' && isEmpty(plan.right));
    case 'Access':
      return plan.path.kind === 'MultiGet' && plan.path.keys.length === 0;
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'CountRows':
    case 'RemoteRows':
    case 'SearchRows':
    case 'FacetRows':
    case 'Empty':
      return false;
  }
}

/** Filter(true, x) → x; what can never give a row, and all that only works on it → Empty. */
export const removeTrivialFilters: Rule = {
  name: 'remove-trivial-filters',
  order: 'bottom-up',
  rewrite(plan) {
    if (isNever(plan)) return { kind: 'Empty', shape: shapeOf(plan) };
    if (plan.kind === 'FilterRows' && plan.predicate.kind === 'Lit') return plan.input;
    return plan;
  },
};
