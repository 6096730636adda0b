import { isEventRow, keyOfRow, readU32, txOfEventRow, u48 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import type { ExpireOperation } from '../../writing/operations.js';
import { pathOf, type Routes } from '../rows/routes.js';

/** Expired rows that one sweep ends. */
const sweepLimit = 500;

/** The rows that have expired by `now` and are still in the tables. */
export function dueRows(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  now: number,
): readonly ExpireOperation[] {
  const range = { start: '', end: u48(now + 1), limit: sweepLimit };
  return [...reader.range(environment.expiries, range)].map(({ value }) => {
    const row = value.toString('latin1');
    const route = pathOf(routes, reader, readU32(row, 0));
    return isEventRow(row)
      ? { kind: 'expire', route, key: null, tx: txOfEventRow(row) }
      : { kind: 'expire', route, key: keyOfRow(row), tx: 0 };
  });
}
