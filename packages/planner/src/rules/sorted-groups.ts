import type { SortKey } from '@drops/ir';
import type { GroupRows, PhysicalPlan } from '../physical-plan.js';
import type { Rule } from '../rule.js';

/** True when groups, which come in the order of their values, are sorted by the first of these already. */
function areSorted({ by }: GroupRows, keys: readonly SortKey[]): boolean {
  return keys.every(({ expression, descending }, i) => {
    const isColumn = expression.kind === 'Field' && expression.scope === 'column';
    return isColumn && !descending && expression.path.length === 1 && expression.path[0] === by?.[i]?.as;
  });
}

/** The group whose rows a plan gives, perhaps not all of them. */
function groupUnder(plan: PhysicalPlan): GroupRows | undefined {
  if (plan.kind === 'FilterRows') return groupUnder(plan.input);
  return plan.kind === 'GroupRows' ? plan : undefined;
}

/** Sort(Group) by the values of the groups → Group. */
export const sortedGroups: Rule = {
  name: 'sorted-groups',
  order: 'bottom-up',
  on: ['SortRows'],
  rewrite(plan): PhysicalPlan {
    const group = plan.kind === 'SortRows' ? groupUnder(plan.input) : undefined;
    return plan.kind === 'SortRows' && group && areSorted(group, plan.keys) ? plan.input : plan;
  },
};
