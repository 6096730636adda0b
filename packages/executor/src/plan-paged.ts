import type { ParameterValues, Query, Slice } from '@drops/ir';
import {
  bindPlan,
  missingIndexes,
  pageRelation,
  planQuery,
  readsPage,
  type MissingIndex,
  type PhysicalPlan,
  type PlanStatistics,
  type Position,
  type RowOrder,
} from '@drops/planner';
import type { ExecutionContext } from './context.js';
import { decodeCursor, hashOf, hashWith } from './cursor.js';
import { createPlanCache } from './plan-cache.js';
import { statisticsOf } from './statistics.js';

/** Where a reply is cut: the slice that does it (with the values it was planned for), the order it is cut in, the position it went on from. */
export interface PlannedPage {
  readonly slice: () => Slice;
  /** Of what it is cut from: only a cursor needs it. */
  readonly hash: () => string;
  readonly order: RowOrder;
  readonly start: Position;
}

/** A plan that may have been made for other values of its parameters than it is to be run with. */
export interface OpenPlan {
  readonly plan: PhysicalPlan;
  /** Missing: those that are in it. */
  readonly values?: ParameterValues | undefined;
}

export interface PlannedQuery {
  /** What is run. */
  readonly open: OpenPlan;
  /** The same with its values put in: what is shown. */
  readonly plan: PhysicalPlan;
  readonly page?: PlannedPage | undefined;
  /** It goes on from a cursor, which belongs to one set of values. */
  readonly resumes: boolean;
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
  const start = (page && positions.get(page)) ?? [];
  const resumes = positions.size > 0;
  return {
    open: { plan },
    plan,
    missing,
    resumes,
    page: page && order && { slice: () => page, hash: () => hashOf(page), order, start },
  };
}

/** A plan with other values, which are put into it when somebody looks at it. A class: literals with getters are costly to make. */
class BoundQuery implements PlannedQuery {
  readonly open: OpenPlan;
  readonly page: PlannedPage | undefined;
  readonly resumes: boolean;
  readonly missing: PlannedQuery['missing'];
  private bound: PhysicalPlan | undefined;

  constructor({ open, page, resumes, missing }: PlannedQuery, values: ParameterValues) {
    this.open = { plan: open.plan, values };
    this.page = page && {
      slice: page.slice,
      hash: () => hashWith(page.slice(), values),
      order: page.order,
      start: page.start,
    };
    this.resumes = resumes;
    this.missing = missing;
  }

  get plan(): PhysicalPlan {
    const { plan, values } = this.open;
    this.bound ??= values ? bindPlan(plan, values) : plan;
    return this.bound;
  }
}

/**
 * The plan of a query, with at most `cap` rows where it names no limit itself; the same query object is planned once.
 * INVALID_CURSOR for a bad `after`.
 */
export function planPaged(query: Query, cap: number | undefined, context: ExecutionContext): PlannedQuery {
  const { template } = context;
  return cachedPlan({
    query,
    template: template?.bound === query ? template : undefined,
    settings: [cap, context.rules, context.indexes, context.columns, context.snapshot.sql !== undefined],
    statistics: statisticsOf(context),
    tx: context.snapshot.tx,
    make: (statistics) => makePlan(query, cap, context, statistics),
    isReusable: (planned) => !planned.resumes,
    isCheap: ({ plan }) => readsPage(plan),
    bind: (planned, { values }) => new BoundQuery(planned, values),
    textOf: ({ plan, missing, resumes, page }) => JSON.stringify([plan, missing, resumes, page?.start]),
  });
}

/** The same for a query that is about to run: the indexes that it lacks are told. */
export function planRun(query: Query, cap: number | undefined, context: ExecutionContext): PlannedQuery {
  const planned = planPaged(query, cap, context);
  for (const [index, rows] of planned.missing) context.onMissingIndex?.(index, rows);
  return planned;
}
