import type { Moment } from './view.js';
import type { Connection } from './connection.js';
import { lastTxOf, timeOf } from '../log/log-record.js';

async function headerAt(connection: Connection, tx: number): Promise<Buffer | undefined> {
  const [row] = await connection.read({
    name: 'header',
    text: 'select header from log where tx = $1',
    values: [tx],
  });
  return Buffer.isBuffer(row?.[0]) ? row[0] : undefined;
}

/** The least tx in (low, high] for which `test` holds; `test` holds for `high` and, once it does, from there on. */
async function leastTx(
  low: number,
  high: number,
  test: (header: Buffer) => boolean,
  connection: Connection,
): Promise<number> {
  let below = low;
  let above = high;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    const header = await headerAt(connection, middle);
    if (header && test(header)) above = middle;
    else below = middle;
  }
  return above;
}

/** The state after `tx`; inside of a commit of several operations the state before it. Expiry is judged at its time. */
export async function momentOfTx(connection: Connection, tx: number): Promise<Moment> {
  const header = tx < 1 ? undefined : await headerAt(connection, tx);
  if (!header) return { tx: 0, now: 0 };
  const lastTx = lastTxOf(header);
  if (lastTx === tx) return { tx, now: timeOf(header) };
  const first = await leastTx(0, tx, (found) => lastTxOf(found) === lastTx, connection);
  return momentOfTx(connection, first - 1);
}

/** The state at a time, of states up to `head`. Times never go back, so halving finds it. */
export async function momentOfTime(connection: Connection, head: number, time: number): Promise<Moment> {
  const last = head === 0 ? undefined : await headerAt(connection, head);
  if (!last) return { tx: 0, now: time };
  if (timeOf(last) <= time) return { tx: head, now: time };
  const tx = await leastTx(0, head, (header) => timeOf(header) > time, connection);
  // A commit has one time: its records are all before or all after.
  return { tx: tx - 1, now: time };
}
