import type { ExpireOperation } from '../writing/operations.js';
import type { Catalogue } from './catalogue.js';
import type { Connection } from './connection.js';
import { shownText } from './stored-text.js';

/** Expired rows that one sweep ends. */
const sweepLimit = 500;

/** The rows that have expired by `now` and are still current. */
export async function dueRows(
  connection: Connection,
  catalogue: Catalogue,
  now: number,
): Promise<readonly ExpireOperation[]> {
  const rows = await connection.read({
    text: 'select route, key, tx from current where expires <> 0 and expires <= $1 order by expires limit $2',
    values: [now, sweepLimit],
  });
  return rows.flatMap(([id, key, tx]): ExpireOperation[] => {
    const route = catalogue.pathOf(Number(id));
    // A route that this process has not heard of yet is swept the next time.
    if (route === '') return [];
    return [
      typeof key === 'string'
        ? { kind: 'expire', route, key: shownText(key), tx: 0 }
        : { kind: 'expire', route, key: null, tx: Number(tx) },
    ];
  });
}
