import { fail } from '@drops/diagnostics';
import type { QueryBudget } from './budget.js';

/** How long a statement may work before others get their turn, in ms. */
const slice = 5;

/** Keeps long synchronous work polite: asked once a batch. */
export interface Pacer {
  /** Throws when the budget is spent. A promise when it is the others' turn: go on after it. */
  tick(): Promise<void> | undefined;
}

export interface Pace {
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined;
  /** The time in ms since the epoch after which the statement is stopped. */
  readonly deadline?: number | undefined;
  /** Says in errors how long that was. */
  readonly budget?: QueryBudget | undefined;
}

/** A pacer over the real clock. QUERY_TOO_COMPLEX when the deadline passes or the signal aborts. */
export function createPacer(pace: Pace): Pacer {
  let started = performance.now();
  return {
    tick() {
      if (pace.signal?.aborted) fail('QUERY_TOO_COMPLEX', 'the statement was stopped by its caller');
      if (pace.deadline !== undefined && Date.now() > pace.deadline) {
        const limit = pace.budget?.limits.time;
        const most = limit === undefined ? 'its time limit' : `${limit / 1000} s, the time of one query`;
        fail('QUERY_TOO_COMPLEX', `the statement took longer than ${most}`, {
          hint: 'narrow it with "where", read it in pages with "limit", or as a stream; serve --query-time allows more',
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
