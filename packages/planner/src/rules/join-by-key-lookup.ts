import type { Field } from '@drops/ir';
import type { Rule, RuleContext } from '../optimise.js';
import type { HashJoin, PhysicalPlan } from '../physical-plan.js';

/** A look-up costs about this many rows of a scan. */
const lookupCost = 4;

/** On the right of a condition a field looks into the record that is joined. */
const isKey = (field: Field): boolean => field.path.length === 1 && field.path[0] === 'key';

function isCheaper(join: HashJoin, context: RuleContext): boolean {
  return context.rows(join.left) * lookupCost <= context.rows(join.right);
}

/** HashJoin(x, scan of R, on a = key) → LookupJoin(x, R, a) when x has few rows beside R. */
export const joinByKeyLookup: Rule = {
  name: 'join-by-key-lookup',
  order: 'bottom-up',
  rewrite(plan, context): PhysicalPlan {
    if (plan.kind !== 'HashJoin' || plan.right.kind !== 'Access') return plan;
    const { path, asOf } = plan.right;
    const pair = plan.on.find((p) => isKey(p.right));
    if (path.kind !== 'RouteScan' || path.subtree || path.after || !pair || !isCheaper(plan, context))
      return plan;
    const rest = plan.on.filter((p) => p !== pair);
    return {
      kind: 'LookupJoin',
      join: plan.join,
      left: plan.left,
      route: path.route,
      asOf,
      key: pair.left,
      rest,
    };
  },
};
