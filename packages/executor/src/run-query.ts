import { assertNever, fail, invariant } from '@drops/diagnostics';
import type { Json, JsonObject, Query } from '@drops/ir';
import { rowCap, type ExecutionContext } from './context.js';
import { encodeCursor } from './cursor.js';
import { runGet } from './get.js';
import type { PageState } from './operators/page.js';
import { pageOrder } from './order.js';
import { planRun, type PlannedPage } from './plan-paged.js';
import { collectPlan } from './run-plan.js';
import { showDrop, showRow, type Row } from './row.js';
import { runSearch } from './search/run-search.js';

/** The reply of a query (contract: Result of each statement). */
export function runQuery(query: Query, context: ExecutionContext): Json | Promise<Json> {
  switch (query.shape) {
    case 'drop':
      return runGet(query, context);
    case 'count':
      return runCount(query, context);
    case 'versions':
      return runVersions(query, context);
    case 'rows':
    case 'keys':
      return runRows(query, context);
    case 'search':
      return runSearch(query, context);
    default:
      return assertNever(query.shape);
  }
}

async function runCount(query: Query, context: ExecutionContext): Promise<Json> {
  const { plan } = planRun(query, rowCap(context), context);
  const [row] = (await collectPlan(plan, context)).rows;
  const [count] = Object.values(row?.columns ?? {});
  invariant(typeof count === 'number', 'a count without a number');
  return { count };
}

interface PagedRows {
  readonly rows: readonly Row[];
  /** `has_more` and `cursor`, where there is more. */
  readonly more: JsonObject;
}

async function collectPage(query: Query, context: ExecutionContext): Promise<PagedRows> {
  const { plan, page } = planRun(query, rowCap(context), context);
  const { rows, page: state } = await collectPlan(plan, context);
  return { rows, more: page ? moreOf(page, state, context) : {} };
}

function moreOf(page: PlannedPage, state: PageState, context: ExecutionContext): JsonObject {
  if (!state.hasMore) return {};
  const { positionOf } = pageOrder(page.order, { now: context.snapshot.now, answers: new Map() });
  const position = state.last ? positionOf(state.last) : page.start;
  return { has_more: true, cursor: encodeCursor(page.hash(), position) };
}

async function runRows(query: Query, context: ExecutionContext): Promise<Json> {
  const { rows, more } = await collectPage(query, context);
  const results = rows.map(showRow);
  const keys = rows.flatMap((row) => row.drop?.key ?? []);
  return { ...(query.shape === 'keys' && { keys }), results, count: results.length, ...more };
}

async function runVersions(query: Query, context: ExecutionContext): Promise<Json> {
  const { rows, more } = await collectPage(query, context);
  if (rows.length === 0 && !isEmptyOnPurpose(query)) {
    fail('NOT_FOUND', 'nothing was ever stored under this key', { span: query.span });
  }
  return { versions: rows.flatMap((row) => (row.drop ? [showDrop(row.drop)] : [])), ...more };
}

/** `history limit 0` asks for nothing. */
function isEmptyOnPurpose({ relation }: Query): boolean {
  return relation.kind === 'Slice' && relation.limit === 0;
}
