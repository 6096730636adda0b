import { fail } from '@drops/diagnostics';

/** How long a statement may work before others get their turn, in ms. */
const slice = 5;

/** Keeps long synchronous work polite: asked once a batch. */
export interface Pacer {
  /** Throws when the budget is spent. A promise when it is the others' turn: go on after it. */
  tick(): Promise<void> | undefined;
}

export interface Budget {
  readonly signal?: AbortSignal | undefined;
  /** The time in ms since the epoch after which the statement is stopped. */
  readonly deadline?: number | undefined;
}

/** A pacer over the real clock. QUERY_TOO_COMPLEX when the deadline passes or the signal aborts. */
export function createPacer(budget: Budget): Pacer {
  let started = performance.now();
  return {
    tick() {
      if (budget.signal?.aborted) fail('QUERY_TOO_COMPLEX', 'the statement was stopped by its caller');
      if (budget.deadline !== undefined && Date.now() > budget.deadline) {
        fail('QUERY_TOO_COMPLEX', 'the statement took longer than its time limit', {
          hint: 'narrow it with "where", or read it in pages with "limit"',
        });
      }
      if (performance.now() - started < slice) return undefined;
      return new Promise((resolve) => {
        setImmediate(() => {
          started = performance.now();
          resolve();
        });
      });
    },
  };
}
