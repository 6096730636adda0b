import type { Json, Query } from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { planRun } from './plan-paged.js';
import { startPlan, type StartedPlan } from './run-plan.js';
import { showRow } from './row.js';

/** Batches of the result elements of a started plan. */
async function* batchesOf(started: StartedPlan | Promise<StartedPlan>): AsyncGenerator<readonly Json[]> {
  const { source, run } = await started;
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

/**
 * Batches of result elements as they are found: no cap, no cursor; a clause `limit` holds.
 * A query that cannot be planned or opened throws here and now, before anything is sent.
 */
export function streamBatches(query: Query, context: ExecutionContext): AsyncGenerator<readonly Json[]> {
  const { open } = planRun(query, undefined, context);
  return batchesOf(startPlan(open, context));
}

async function* elementsOf(batches: AsyncIterable<readonly Json[]>): AsyncGenerator<Json> {
  for await (const batch of batches) yield* batch;
}

/** The elements of `results` one by one. */
export function streamQuery(query: Query, context: ExecutionContext): AsyncGenerator<Json> {
  return elementsOf(streamBatches(query, context));
}
