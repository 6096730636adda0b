/** Ms between two hints: a hint costs as much as a small read. */
const pause = 5;

/**
 * Passes calls on: the first at once, those that follow within 5 ms as one at their end. What is told last is never
 * left out, so the others are at most that late.
 */
export function thinOut(tell: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  const send = (): void => {
    waiting = false;
    tell();
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting) send();
    }, pause).unref();
  };
  return () => {
    if (timer) waiting = true;
    else send();
  };
}
