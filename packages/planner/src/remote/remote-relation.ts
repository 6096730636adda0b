import type { Expression, Relation, Scan } from '@drops/ir';
import type { PhysicalPlan } from '../physical-plan.js';

const nowhere = { start: 0, end: 0 } as const;

function scanOf(plan: PhysicalPlan): Scan | undefined {
  if (plan.kind !== 'Access' || plan.path.kind !== 'RouteScan' || plan.asOf) return undefined;
  const { route, rows, subtree } = plan.path;
  return subtree ? undefined : { kind: 'Scan', route, subtree, versions: 'current', rows, span: nowhere };
}

/** Rows of one route, all of them or those that a predicate keeps. */
function rowsOf(plan: PhysicalPlan): Relation | undefined {
  if (plan.kind !== 'FilterRows') return scanOf(plan);
  const input = scanOf(plan.input);
  return input && filtered(input, plan.predicate);
}

const filtered = (input: Relation, predicate: Expression): Relation => ({
  kind: 'Filter',
  input,
  predicate,
  span: nowhere,
});

/** True where the scan below starts at its beginning: what is counted or sorted goes on from no place. */
function isWhole(plan: PhysicalPlan): boolean {
  if (plan.kind === 'FilterRows') return isWhole(plan.input);
  return plan.kind === 'Access' && plan.path.kind === 'RouteScan' && plan.path.after === undefined;
}

/**
 * The relation that a part of a plan stands for, where it is one that a store which speaks SQL could give by itself: rows of a
 * route, the first of them by some keys, or groups of them. What SQL can say of it is another question.
 */
export function remoteRelation(plan: PhysicalPlan): Relation | undefined {
  switch (plan.kind) {
    case 'Access':
    case 'FilterRows':
      return rowsOf(plan);
    case 'TopRows': {
      const input = isWhole(plan.input) ? rowsOf(plan.input) : undefined;
      if (!input) return undefined;
      const sorted: Relation = { kind: 'Sort', input, keys: plan.keys, span: nowhere };
      return {
        kind: 'Slice',
        input: sorted,
        offset: 0,
        limit: plan.count,
        single: false,
        paged: false,
        span: nowhere,
      };
    }
    case 'GroupRows': {
      const input = isWhole(plan.input) ? rowsOf(plan.input) : undefined;
      return input && { kind: 'Group', input, by: plan.by, aggregates: plan.aggregates, span: nowhere };
    }
    default:
      return undefined;
  }
}
