import { invariant } from '@drops/diagnostics';
import type { Json, Query, Relation } from '@drops/ir';
import { rowCap, type ExecutionContext } from '../context.js';
import { planRun } from '../plan-paged.js';
import { showRow } from '../row.js';
import { collectPlan } from '../run-plan.js';
import type { SearchReport } from './find-hits.js';

/** True when a filter stands between the search and what is shown. */
function isFiltered(relation: Relation): boolean {
  switch (relation.kind) {
    case 'Filter':
      return true;
    case 'Slice':
    case 'Sort':
      return isFiltered(relation.input);
    case 'Join':
      return isFiltered(relation.left);
    default:
      return false;
  }
}

function reportJson(report: SearchReport, filtered: boolean): { readonly [name: string]: Json } {
  const { searched, mode, fusion, vectors, exhausted } = report;
  return {
    searched,
    ...(vectors && {
      total_vectors: vectors.total,
      index_type: vectors.indexType,
      dimensions: vectors.dimensions,
    }),
    mode,
    ...(fusion && { fusion }),
    ...(filtered && exhausted && { exhausted: true }),
  };
}

/** The reply of a search that shows drops (contract: search). `time_ms` is what it took, in milliseconds. */
export async function runSearch(query: Query, context: ExecutionContext): Promise<Json> {
  const start = performance.now();
  const { open } = planRun(query, rowCap(context), context);
  const { rows, search } = await collectPlan(open, context);
  invariant(search, 'a search that searched nothing');
  const time = Math.round((performance.now() - start) * 1000) / 1000;
  return {
    results: rows.map(showRow),
    count: rows.length,
    ...reportJson(search, isFiltered(query.relation)),
    time_ms: time,
  };
}
