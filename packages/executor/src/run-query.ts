import { assertNever, fail, invariant } from '@drops/diagnostics';
import type { Json, JsonObject, ParameterValues, Query } from '@drops/ir';
import { rowCap, type ExecutionContext } from './context.js';
import { encodeCursor } from './cursor.js';
import { runGet } from './get.js';
import type { PageState } from './operators/page.js';
import { pageOrder } from './order.js';
import { planRun, type PlannedPage, type PlannedQuery } from './plan-paged.js';
import { getText, pageText, type JsonText } from './query-text.js';
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

/** What is made of rows, now or when they are there. */
function after<T>(rows: T | Promise<T>, show: (rows: T) => Json): Json | Promise<Json> {
  return rows instanceof Promise ? rows.then(show) : show(rows);
}

/** The same for who writes the reply as text: JSON text where stored JSON can go into it as it is. */
export function runQueryAsText(query: Query, context: ExecutionContext): Json | JsonText | Promise<Json> {
  switch (query.shape) {
    case 'drop':
      return getText(query, context) ?? runGet(query, context);
    case 'rows': {
      const planned = planRun(query, rowCap(context), context);
      return pageText(planned, context) ?? showRows(query, planned, context);
    }
    default:
      return runQuery(query, context);
  }
}

function runCount(query: Query, context: ExecutionContext): Json | Promise<Json> {
  const { open } = planRun(query, rowCap(context), context);
  return after(collectPlan(open, context), ({ rows }) => {
    const [count] = Object.values(rows[0]?.columns ?? {});
    invariant(typeof count === 'number', 'a count without a number');
    return { count };
  });
}

/** Collects the page of a planned query; `show` makes its reply of the rows and, where there is more, `has_more` and `cursor`. */
function runPage(
  { open, page }: PlannedQuery,
  context: ExecutionContext,
  show: (rows: readonly Row[], more: JsonObject) => Json,
): Json | Promise<Json> {
  return after(collectPlan(open, context), ({ rows, page: state }) =>
    show(rows, page ? moreOf(page, open.values, state, context) : {}),
  );
}

function moreOf(
  page: PlannedPage,
  values: ParameterValues | undefined,
  state: PageState,
  context: ExecutionContext,
): JsonObject {
  if (!state.hasMore) return {};
  const { positionOf } = pageOrder(page.order, { now: context.snapshot.now, answers: new Map(), values });
  const position = state.last ? positionOf(state.last) : page.start;
  return { has_more: true, cursor: encodeCursor(page.hash(), position) };
}

function runRows(query: Query, context: ExecutionContext): Json | Promise<Json> {
  return showRows(query, planRun(query, rowCap(context), context), context);
}

function showRows(query: Query, planned: PlannedQuery, context: ExecutionContext): Json | Promise<Json> {
  return runPage(planned, context, (rows, more) => {
    const results = rows.map(showRow);
    const count = results.length;
    if (query.shape !== 'keys') return { results, count, ...more };
    return { keys: rows.flatMap((row) => row.drop?.key ?? []), results, count, ...more };
  });
}

function runVersions(query: Query, context: ExecutionContext): Json | Promise<Json> {
  return runPage(planRun(query, rowCap(context), context), context, (rows, more) => {
    if (rows.length === 0 && !isEmptyOnPurpose(query)) {
      fail('NOT_FOUND', 'nothing was ever stored under this key', { span: query.span });
    }
    return { versions: rows.flatMap((row) => (row.drop ? [showDrop(row.drop)] : [])), ...more };
  });
}

/** `history limit 0` asks for nothing. */
function isEmptyOnPurpose({ relation }: Query): boolean {
  return relation.kind === 'Slice' && relation.limit === 0;
}
