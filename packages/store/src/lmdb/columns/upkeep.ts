import { entityRow, eventRow, u48, utf8 } from '../rows/binary-keys.js';
import { readExpiresAt } from '../rows/current-row.js';
import { readHeader, routeIdOf } from '../../log/log-record.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';
import { createCellWriter } from './row-cells.js';

/** What some records of the log changed in a route. */
export interface Changes {
  /** Keys of entities. */
  readonly entities: ReadonlySet<string>;
  /** Txs of events, new ones and those that went, in the order of the log. */
  readonly events: ReadonlySet<number>;
}

/** What changed in a route after a tx, up to the view's. */
export function changesAfter(view: View, route: Route, tx: number): Changes {
  const entities = new Set<string>();
  const events = new Set<number>();
  let at = tx;
  const range = { start: u48(tx + 1), end: u48(view.tx + 1) };
  for (const { value } of view.reader.range(view.environment.log, range)) {
    at += 1;
    if (routeIdOf(value) !== route.id) continue;
    const { key, kind, target } = readHeader(value);
    if (key !== null) entities.add(key);
    else events.add(kind === 'put' ? at : target);
  }
  return { entities, events };
}

/** Brings rows and columns to the state of a view, by reading again what changed. */
export function applyChanges(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  { entities, events }: Changes,
): void {
  const cells = createCellWriter(view, route, rows, columns);

  const refresh = (row: string, known: number | undefined): void => {
    const bytes = view.reader.peek(view.environment.current, row);
    if (!bytes) {
      if (known !== undefined) rows.remove(known);
      return;
    }
    const expiresAt = readExpiresAt(bytes);
    const ordinal = known ?? rows.append(row, expiresAt);
    if (known !== undefined) rows.put(known, expiresAt);
    for (const column of columns) column.resize(rows.size, rows.capacity);
    cells.write(ordinal, bytes);
  };

  for (const key of entities) refresh(entityRow(route.id, key), rows.findEntity(utf8(key)));
  // New events come by tx, as rows want them; a set keeps the order.
  for (const tx of events) refresh(eventRow(route.id, tx), rows.findEvent(tx));
}
