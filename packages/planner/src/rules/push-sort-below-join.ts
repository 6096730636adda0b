import { fieldsOf, subqueriesOf } from '../expression-tree.js';
import type { HashJoin, LookupJoin, PhysicalPlan, SortRows, TopRows } from '../physical-plan.js';
import { shapeOf } from '../row-shape.js';
import type { Rule } from '../rule.js';

/** Whether each left row comes out once: with the one entity that a key names, or with none. */
function keepsRows(join: HashJoin | LookupJoin): boolean {
  if (join.join !== 'left') return false;
  if (join.kind === 'LookupJoin') return true;
  const { right } = join;
  const plain = right.kind === 'Access' && right.path.kind === 'RouteScan' && !right.path.subtree;
  return plain && join.on.some(({ right: { path } }) => path.length === 1 && path[0] === 'key');
}

/** On flat or joined rows the same field would look elsewhere. */
function readsLeftDrop({ keys }: SortRows | TopRows, join: HashJoin | LookupJoin): boolean {
  const sorted = keys.every(({ expression }) => {
    const plain = fieldsOf(expression).every(({ scope }) => scope === 'system' || scope === 'payload');
    return plain && subqueriesOf(expression).length === 0;
  });
  return sorted && shapeOf(join.left).kind === 'drops';
}

/** Top(n, Join(x, y)) → Join(Top(n, x), y) where the join keeps the rows of x and the sort reads nothing of y: only n are joined. */
export const pushSortBelowJoin: Rule = {
  name: 'push-sort-below-join',
  order: 'top-down',
  on: ['TopRows'],
  rewrite(plan): PhysicalPlan {
    if (plan.kind !== 'TopRows') return plan;
    const { input: join } = plan;
    if (join.kind !== 'HashJoin' && join.kind !== 'LookupJoin') return plan;
    if (!keepsRows(join) || !readsLeftDrop(plan, join)) return plan;
    return { ...join, left: { ...plan, input: join.left } };
  },
};
