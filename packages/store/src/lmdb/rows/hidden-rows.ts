import { entityRow, u32, u48 } from './binary-keys.js';
import type { View } from './read-drop.js';
import type { Route } from './routes.js';

/** Most expired rows that are looked at: more of them are a sweep behind. */
const dueLimit = 1000;

/**
 * Rows of a route that are in the tables and not to be counted: what has expired and was not swept yet, and the entities
 * of some keys. undefined when there are too many to look at.
 */
export function hiddenRows(
  { reader, environment, now }: View,
  route: Route,
  except: readonly string[],
): ReadonlySet<string> | undefined {
  const rows = new Set<string>();
  for (const key of except) {
    const row = entityRow(route.id, key);
    if (reader.peek(environment.current, row)) rows.add(row);
  }
  const range = { start: '', end: u48(now + 1), limit: dueLimit };
  const prefix = u32(route.id);
  let seen = 0;
  for (const { value } of reader.range(environment.expiries, range)) {
    seen += 1;
    const row = value.toString('latin1');
    if (row.startsWith(prefix)) rows.add(row);
  }
  return seen < dueLimit ? rows : undefined;
}
