import { invariant } from '@drops/diagnostics';
import type { StoredDrop } from '@drops/ir';
import type { RouteColumns } from '../../columns.js';
import { eventRow, utf8 } from '../rows/binary-keys.js';
import { getEntity, liveDrop, pastDrop, type View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';

function eventOf(view: View, route: Route, tx: number): StoredDrop | undefined {
  if (view.past) return pastDrop(view, route, null, tx);
  const bytes = view.reader.peek(view.environment.current, eventRow(route.id, tx));
  return bytes && liveDrop(view, route, null, bytes);
}

/** Shows rows and columns to one reader. `view` is asked anew for each drop; `release` is called once at most. */
export function openColumns(
  view: () => View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  release: () => void,
): RouteColumns {
  const live = rows.liveAt(view().now);
  let held = true;
  return {
    size: rows.size,
    count: live.count,
    live: live.mask,
    entities: rows.entityMask(),
    keys: rows.keys,
    columns: columns.map((column) => column.show()),
    order: () => rows.orderOf(live),
    ordinalOf(key) {
      const ordinal = rows.findEntity(utf8(key));
      if (ordinal === undefined || !(live.mask?.[ordinal] ?? 1)) return undefined;
      return ordinal;
    },
    drop(ordinal) {
      const drop = rows.isEvent(ordinal)
        ? eventOf(view(), route, rows.txOf(ordinal))
        : getEntity(view(), route.path, rows.keyOf(ordinal));
      invariant(drop !== undefined && drop !== 'deleted', 'a row that is live has a drop');
      return drop;
    },
    release() {
      if (!held) return;
      held = false;
      release();
    },
  };
}
