import type { StoredDrop } from '@drops/ir';
import { kindCodes } from '../log/log-record.js';
import type { Found } from '../store.js';
import { rowsAt, versionOf, versionsAt } from './drop-rows.js';
import { storedText } from './stored-text.js';
import { readVersions, type View } from './view.js';

const place = { routes: '= $1', tx: '$2' };
const isKey = 'v.key = $3';

/** The live version of a key, or else (`removed`) a row that tells that its newest version is a tombstone. */
const getText = `
  select false as removed, l.* from (${rowsAt(place, isKey)}) l
  union all
  select true, n.* from (${versionsAt(
    place,
    `${isKey} and v.kind = ${kindCodes.delete} and not exists (
    select 1 from history h where h.route = v.route and h.key = v.key and h.tx > v.tx and h.tx <= $2)`,
  )}) n
  order by 1 limit 1`;

/** The live entity of a key, `deleted` when its newest version is a tombstone, else nothing. */
export async function getEntity(view: View, path: string, key: string): Promise<Found> {
  const route = view.catalogue.route(path);
  if (!route) return undefined;
  const { tx, now } = await view.at();
  const values = [route.id, tx, storedText(key)];
  const [row] = await view.connection.read({ name: 'get', text: getText, values });
  if (!row) return undefined;
  const [removed, ...columns] = row;
  if (removed === true) return 'deleted';
  const { drop, expires, length } = versionOf(columns, () => path);
  if (view.reads) {
    view.reads.keys += 1;
    view.reads.bytes += length;
  }
  return expires !== 0 && expires <= now ? undefined : drop;
}

/** The live entities of some keys, by key. */
export async function getEntities(
  view: View,
  path: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredDrop>> {
  const found = new Map<string, StoredDrop>();
  const route = view.catalogue.route(path);
  if (!route || keys.length === 0) return found;
  const { tx, now } = await view.at();
  const rows = await readVersions(view, {
    name: 'get many',
    text: rowsAt(place, 'v.key = any($3)'),
    values: [route.id, tx, keys.map(storedText)],
  });
  for (const { drop, expires } of rows)
    if (drop.key !== null && (expires === 0 || expires > now)) found.set(drop.key, drop);
  return found;
}
