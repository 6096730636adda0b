import type { Query, Slice } from '@drops/ir';
import {
  missingIndexes,
  pageRelation,
  planQuery,
  type MissingIndex,
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
  /** Indexes that would help, with the size of their route. */
  readonly missing: readonly (readonly [index: MissingIndex, rows: number])[];
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
    columns: context.columns,
    statistics,
    newestFirst: query.shape === 'versions',
    resume(slice) {
      const position = decodeCursor(slice);
      positions.set(slice, position);
      return position;
    },
  });
  const order = page && pageOf(plan);
  const missing = missingIndexes(plan, statistics).map(
    (index) => [index, statistics.rows(index.route, false)] as const,
  );
  return { plan, missing, page: page && order && { slice: page, order, start: positions.get(page) ?? [] } };
}

/**
 * The plan of a query, with at most `cap` rows where it names no limit itself; the same query object is planned once.
 * INVALID_CURSOR for a bad `after`.
 */
export function planPaged(query: Query, cap: number | undefined, context: ExecutionContext): PlannedQuery {
  return cachedPlan(
    query,
    [cap, context.rules, context.indexes, context.columns],
    statisticsOf(context.snapshot),
    (statistics) => makePlan(query, cap, context, statistics),
  );
}

/** The same for a query that is about to run: the indexes that it lacks are told. */
export function planRun(query: Query, cap: number | undefined, context: ExecutionContext): PlannedQuery {
  const planned = planPaged(query, cap, context);
  for (const [index, rows] of planned.missing) context.onMissingIndex?.(index, rows);
  return planned;
}
