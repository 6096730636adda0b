import type { Query, Slice } from '@drops/ir';
import {
  pageRelation,
  planQuery,
  type PhysicalPlan,
  type PlanStatistics,
  type Position,
  type RowOrder,
} from '@drops/planner';
import type { ExecutionContext } from './context.js';
import { decodeCursor } from './cursor.js';
import { createPlanCache } from './plan-cache.js';
import { statisticsOf } from './statistics.js';

/** Where a reply is cut: the slice that does it, the order it is cut in, the position it went on from. */
export interface PlannedPage {
  readonly slice: Slice;
  readonly order: RowOrder;
  readonly start: Position;
}
export interface PlannedQuery {
  readonly plan: PhysicalPlan;
  readonly page?: PlannedPage | undefined;
}

/** The order of the page nearest to the root. */
function pageOf(plan: PhysicalPlan): RowOrder | undefined {
  switch (plan.kind) {
    case 'PageRows':
      return plan.order;
    case 'FilterRows':
    case 'ProjectRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
      return pageOf(plan.input);
    default:
      return undefined;
  }
}

const cachedPlan = createPlanCache<PlannedQuery>();

function makePlan(
  query: Query,
  cap: number | undefined,
  context: ExecutionContext,
  statistics: PlanStatistics,
): PlannedQuery {
  const { relation, page } = pageRelation(query.relation, cap);
  const positions = new Map<Slice, Position>();
  const plan = planQuery(relation, {
    rules: context.rules,
    indexes: context.indexes,
    statistics,
    newestFirst: query.shape === 'versions',
    resume(slice) {
      const position = decodeCursor(slice);
      positions.set(slice, position);
      return position;
    },
  });
  const order = page && pageOf(plan);
  return { plan, page: page && order && { slice: page, order, start: positions.get(page) ?? [] } };
}

/**
 * The plan of a query, with at most `cap` rows where it names no limit itself; the same query object is planned once.
 * INVALID_CURSOR for a bad `after`.
 */
export function planPaged(query: Query, cap: number | undefined, context: ExecutionContext): PlannedQuery {
  return cachedPlan(
    query,
    [cap, context.rules, context.indexes],
    statisticsOf(context.snapshot),
    (statistics) => makePlan(query, cap, context, statistics),
  );
}
