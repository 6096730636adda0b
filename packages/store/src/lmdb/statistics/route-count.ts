import type { RouteScanPath } from '@drops/ir';
import type { CountSource, RowCount } from '../../store.js';
import { isEventRow } from '../rows/binary-keys.js';
import { hiddenRows } from '../rows/hidden-rows.js';
import type { View } from '../rows/read-drop.js';
import { readStatistics } from './statistics.js';

/** How many rows a scan of one route has, out of its statistics. */
export function routeCount(view: () => View, path: RouteScanPath, except: readonly string[]): CountSource {
  const count = (): number | undefined => {
    const now = view();
    if (now.past || path.subtree || path.after) return undefined;
    const route = now.routes.find(now.reader, path.route);
    if (!route) return 0;
    const hidden = hiddenRows(now, route, except);
    if (!hidden) return undefined;
    const { entities, events } = readStatistics(now.environment, now.reader, route.id);
    if (path.rows === 'all') return entities + events - hidden.size;
    return entities - [...hidden].filter((row) => !isEventRow(row)).length;
  };
  let ended = false;
  return {
    next(): readonly RowCount[] | null | undefined {
      if (ended) return null;
      ended = true;
      const counted = count();
      return counted === undefined ? undefined : [{ values: [], count: counted }];
    },
  };
}
