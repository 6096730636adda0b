import { invariant } from '@drops/diagnostics';
import { entityRange, eventRange } from '../rows/binary-keys.js';
import { readExpiresAt } from '../rows/current-row.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';
import { createCellWriter } from './row-cells.js';

/** After so many rows a build asks whether it may go on. */
const chunk = 256;

/** The rows of a route as they are in the table, from one on. */
function rowsInTable(
  view: View,
  route: Route,
  start: string,
): Iterable<{ readonly key: string; readonly value: Buffer }> {
  return view.reader.range(view.environment.current, { start, end: eventRange(route.id)[1] });
}

/** Where the rows of a route begin. */
export const firstRow = (route: Route): string => entityRange(route.id)[0];

/** Reads rows that are not known yet, from `start` on; gives where to go on when `goOn` said no, undefined at the end. */
export function readRows(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  start: string,
  goOn: () => boolean,
): string | undefined {
  const cells = createCellWriter(view, route, rows, columns);
  const resize = (): void => {
    for (const column of columns) column.resize(rows.size, rows.capacity);
  };
  let { capacity } = rows;
  for (const { key: row, value } of rowsInTable(view, route, start)) {
    const ordinal = rows.append(row, readExpiresAt(value));
    if (rows.capacity !== capacity) {
      ({ capacity } = rows);
      resize();
    }
    cells.write(ordinal, value);
    if (rows.size % chunk === 0 && !goOn()) {
      resize();
      return `${row}\0`;
    }
  }
  resize();
  return undefined;
}

/** Reads further columns of rows that are up to date; false when `goOn` forbade to. */
export function readColumns(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  goOn: () => boolean,
): boolean {
  const cells = createCellWriter(view, route, rows, columns);
  for (const column of columns) column.resize(rows.size, rows.capacity);
  const ordinals = rows.inTable()[Symbol.iterator]();
  let count = 0;
  for (const { value } of rowsInTable(view, route, firstRow(route))) {
    const { value: ordinal, done } = ordinals.next();
    invariant(!done, 'the rows of a route are known when columns are added to them');
    cells.write(ordinal, value);
    count += 1;
    if (count % chunk === 0 && !goOn()) return false;
  }
  invariant(ordinals.next().done, 'rows that are gone are known when columns are added');
  return true;
}
