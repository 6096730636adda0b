/** A worker that ended before it had served this long, in ms, has hardly lived: what ended it is likely to end the next. */
const shortLife = 1000;
const firstDelay = 100;
const longestDelay = 10_000;
/** Short lives in a row after which there is no point in going on. */
const patience = 6;

/** What to do about a worker that ended: another one after so many ms, or with none left, nothing more. */
export type Verdict = { readonly kind: 'restart'; readonly delay: number } | { readonly kind: 'give-up' };

/** Decides about workers that end, one after the other. */
export interface Restarts {
  /** `served`: ms since it was ready, undefined when it never was; `others`: workers that serve still. */
  ended(served: number | undefined, others: number): Verdict;
}

/** Waits twice as long after each short life, and gives up after six in a row when no worker is left that serves. */
export function createRestarts(): Restarts {
  let shortLives = 0;
  return {
    ended(served, others) {
      shortLives = served !== undefined && served >= shortLife ? 1 : shortLives + 1;
      if (shortLives >= patience && others === 0) return { kind: 'give-up' };
      return { kind: 'restart', delay: Math.min(longestDelay, firstDelay * 2 ** (shortLives - 1)) };
    },
  };
}
