import type { Field } from '@drops/ir';
import { costs } from '../costs.js';
import type { Rule, RuleContext } from '../rule.js';
import type { HashJoin, PageRows, PhysicalPlan, SliceRows } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';

/** On the right of a condition a field looks into the record that is joined. */
const isKey = (field: Field): boolean => field.path.length === 1 && field.path[0] === 'key';

/** The join by look-ups, when its left side reads about `leftRows` rows; undefined when a hash table is cheaper or needed. */
function lookUp(plan: HashJoin, leftRows: number, context: RuleContext): PhysicalPlan | undefined {
  if (plan.right.kind !== 'Access') return undefined;
  const { path, asOf } = plan.right;
  const pair = plan.on.find((p) => isKey(p.right));
  if (path.kind !== 'RouteScan' || path.subtree || path.after || !pair) return undefined;
  const byHash = context.rows(plan.right) * (costs.scanRow + costs.hashBuild) + leftRows * costs.hashProbe;
  if (leftRows * costs.keyLookup > byHash) return undefined;
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
}

/** The join that a slice reads row by row, until it has enough. */
function joinUnder(plan: PhysicalPlan): HashJoin | undefined {
  switch (plan.kind) {
    case 'HashJoin':
      return plan;
    case 'FilterRows':
    case 'ProjectRows':
    case 'ResumeRows':
      return joinUnder(plan.input);
    default:
      return undefined;
  }
}

function replaceJoin(plan: PhysicalPlan, join: HashJoin, by: PhysicalPlan): PhysicalPlan {
  return plan === join ? by : mapInputs(plan, (input) => replaceJoin(input, join, by));
}

/** A slice reads only so many rows of the left side as it takes to fill it. */
function lookUpUnder(slice: SliceRows | PageRows, context: RuleContext): PhysicalPlan {
  const join = slice.limit === undefined ? undefined : joinUnder(slice.input);
  if (!join || slice.limit === undefined) return slice;
  const wanted = slice.offset + slice.limit + 1;
  const dropped = context.rows(join) / Math.max(1, context.rows(slice.input));
  const lookups = lookUp(join, Math.min(context.rows(join.left), wanted * dropped), context);
  return lookups ? { ...slice, input: replaceJoin(slice.input, join, lookups) } : slice;
}

/** HashJoin(x, scan of R, on a = key) → LookupJoin(x, R, a) when few rows of x are read beside the rows of R. */
export const joinByKeyLookup: Rule = {
  name: 'join-by-key-lookup',
  order: 'bottom-up',
  on: ['HashJoin', 'SliceRows', 'PageRows'],
  rewrite(plan, context): PhysicalPlan {
    if (plan.kind === 'HashJoin') return lookUp(plan, context.rows(plan.left), context) ?? plan;
    return plan.kind === 'SliceRows' || plan.kind === 'PageRows' ? lookUpUnder(plan, context) : plan;
  },
};
