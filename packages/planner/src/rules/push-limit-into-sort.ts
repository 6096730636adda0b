import type { Rule } from '../rule.js';
import type { PhysicalPlan } from '../physical-plan.js';

/** The sort under projections, keeping only its first `count` rows; undefined where there is none. */
function limitSort(plan: PhysicalPlan, count: number): PhysicalPlan | undefined {
  if (plan.kind === 'SortRows') return { kind: 'TopRows', input: plan.input, keys: plan.keys, count };
  if (plan.kind === 'ProjectRows') {
    const input = limitSort(plan.input, count);
    return input && { ...plan, input };
  }
  return undefined;
}

/** Slice(n, Sort(x)) → Slice(n, Top(n, x)): a sort that holds only the rows it will give. A page looks one row further. */
export const pushLimitIntoSort: Rule = {
  name: 'push-limit-into-sort',
  order: 'bottom-up',
  on: ['SliceRows', 'PageRows'],
  rewrite(plan) {
    if ((plan.kind !== 'SliceRows' && plan.kind !== 'PageRows') || plan.limit === undefined) return plan;
    const input = limitSort(plan.input, plan.offset + plan.limit + (plan.kind === 'PageRows' ? 1 : 0));
    return input ? { ...plan, input } : plan;
  },
};
