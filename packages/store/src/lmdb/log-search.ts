import { u48 } from './rows/binary-keys.js';
import type { Environment } from './environment.js';
import type { Reader } from './reader.js';
import { lastTxOf, timeOf } from '../log/log-record.js';

/** The least tx in (low, high] for which `test` holds; `test` holds for `high` and, once it does, from there on. */
function leastTx(low: number, high: number, test: (tx: number) => boolean): number {
  let below = low;
  let above = high;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (test(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The time of a record of the log; 0 before the first. */
export function timeAt(environment: Environment, reader: Reader, tx: number): number {
  const bytes = reader.get(environment.log, u48(tx));
  return bytes ? timeOf(bytes) : 0;
}

/** The last tx up to `head` that was written at `time` or before. Times never go back, so halving finds it. */
export function lastTxBefore(environment: Environment, reader: Reader, head: number, time: number): number {
  if (head === 0 || timeAt(environment, reader, head) <= time) return head;
  return leastTx(0, head, (tx) => timeAt(environment, reader, tx) > time) - 1;
}

/** The last whole commit up to `tx`: `tx` itself, or the tx before the commit that it is inside of. */
export function wholeCommit(environment: Environment, reader: Reader, tx: number): number {
  const bytes = reader.get(environment.log, u48(tx));
  if (!bytes) return tx;
  const lastTx = lastTxOf(bytes);
  if (lastTx === tx) return tx;
  const last = (at: number): number => {
    const row = reader.get(environment.log, u48(at));
    return row ? lastTxOf(row) : 0;
  };
  return leastTx(0, tx, (at) => last(at) === lastTx) - 1;
}
