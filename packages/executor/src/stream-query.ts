import type { Json, Query } from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { planPaged } from './plan-paged.js';
import { startPlan } from './run-plan.js';
import { showRow } from './row.js';

/** Batches of result elements as they are found: no cap, no cursor; a clause `limit` holds. */
export async function* streamBatches(
  query: Query,
  context: ExecutionContext,
): AsyncGenerator<readonly Json[]> {
  const { plan } = planPaged(query, undefined, context);
  const { source, run } = await startPlan(plan, context);
  try {
    for (;;) {
      const pause = run.pacer.tick();
      if (pause) await pause;
      const batch = await source.next();
      if (batch === null) return;
      if (batch.length > 0) yield batch.map(showRow);
    }
  } finally {
    source.close();
  }
}

/** The elements of `results` one by one. */
export async function* streamQuery(query: Query, context: ExecutionContext): AsyncGenerator<Json> {
  for await (const batch of streamBatches(query, context)) yield* batch;
}
