import { invariant } from '@drops/diagnostics';
import { estimateRows, unknownStatistics, type PlanStatistics } from './estimate.js';
import { checkPlan } from './check-plan.js';
import { chooseRemote } from './remote/choose-remote.js';
import { chooseFields } from './choose-fields.js';
import { chooseColumns, type ColumnUse } from './columns/choose-columns.js';
import { assumeLeftFields } from './indexes/assume-left-fields.js';
import { chooseIndexes } from './indexes/choose-indexes.js';
import { readsPage } from './indexes/reads-page.js';
import type { IndexUse } from './indexes/index-use.js';
import type { PhysicalPlan } from './physical-plan.js';
import { inputsOf, rewritePlan } from './plan-tree.js';
import type { Rule, RuleContext } from './rule.js';
import { sameShape, shapeOf } from './row-shape.js';
import { rules as allRules } from './rules/index.js';

export interface OptimiseOptions {
  /** Which rules: all (default), none, or these in this order. */
  readonly rules?: boolean | readonly Rule[] | undefined;
  readonly statistics?: PlanStatistics | undefined;
  /** How indexes are chosen when the rules are done; never without all rules, unless it is asked for. */
  readonly indexes?: IndexUse | undefined;
  /** When routes are read by columns; never without all rules, unless it is asked for. */
  readonly columns?: ColumnUse | undefined;
  /** Sees every rule that changed something. */
  readonly observe?: ((rule: Rule, before: PhysicalPlan, after: PhysicalPlan) => void) | undefined;
}

/** Every rule moves work towards the leaves or removes it, so few passes reach the end; more is a loop. */
const maxPasses = 12;

/** Applies the rules until nothing changes: the same rows in the same order for less work. */
export function optimise(plan: PhysicalPlan, options: OptimiseOptions = {}): PhysicalPlan {
  if (options.rules === false) return plan;
  const rules = typeof options.rules === 'object' ? options.rules : allRules;
  let current = plan;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const before = current;
    let kinds = kindsOf(current);
    for (const rule of rules) {
      if (rule.on && !rule.on.some((kind) => kinds.has(kind))) continue;
      const after = applyRule(rule, current, options);
      if (after !== current) kinds = kindsOf(after);
      current = after;
    }
    if (current === before) return assuming(plan, withPaths(current, options), options);
  }
  invariant(false, `the rules did not settle in ${maxPasses} passes`);
}

/** Which nodes a plan has: most plans lack what most rules look for. */
function kindsOf(
  plan: PhysicalPlan,
  kinds = new Set<PhysicalPlan['kind']>(),
): ReadonlySet<PhysicalPlan['kind']> {
  kinds.add(plan.kind);
  for (const input of inputsOf(plan)) kindsOf(input, kinds);
  return kinds;
}

/** Once the leaves stay what they are: whether an index or columns stand for a scan depends on all that is above it. */
function withPaths(plan: PhysicalPlan, options: OptimiseOptions): PhysicalPlan {
  const unasked = typeof options.rules === 'object' ? 'never' : 'cheapest';
  const statistics = options.statistics ?? unknownStatistics;
  const pushed = typeof options.rules === 'object' ? plan : chooseRemote(plan, statistics);
  const indexed = chooseIndexes(pushed, statistics, options.indexes ?? unasked);
  const chosen = chooseColumns(indexed, statistics, options.columns ?? unasked);
  if (chosen !== plan) checkPlan(chosen, 'the choice of who does what');
  return typeof options.rules === 'object' ? chosen : chooseFields(chosen);
}

/** The plan, or a better one where an index knows that no left row of a join lacks a field that it is sorted or filtered by. */
function assuming(plan: PhysicalPlan, chosen: PhysicalPlan, options: OptimiseOptions): PhysicalPlan {
  const { statistics, indexes = typeof options.rules === 'object' ? 'never' : 'cheapest' } = options;
  const assumed = statistics && indexes !== 'never' ? assumeLeftFields(plan, statistics) : undefined;
  if (!assumed) return chosen;
  const better = optimise(assumed, options);
  return readsPage(better) || indexes === 'always' ? better : chosen;
}

function applyRule(rule: Rule, plan: PhysicalPlan, options: OptimiseOptions): PhysicalPlan {
  const statistics = options.statistics ?? unknownStatistics;
  const context: RuleContext = { rows: (p) => estimateRows(p, statistics) };
  const { on } = rule;
  const visit = (node: PhysicalPlan) =>
    on === undefined || on.includes(node.kind) ? rule.rewrite(node, context) : node;
  const after = rewritePlan(plan, rule.order, visit);
  if (after === plan) return plan;
  invariant(sameShape(shapeOf(plan), shapeOf(after)), `${rule.name} changed the shape of the rows`);
  checkPlan(after, rule.name);
  options.observe?.(rule, plan, after);
  return after;
}
