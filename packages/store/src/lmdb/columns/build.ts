import { invariant } from '@drops/diagnostics';
import { entityRange, eventRange } from '../binary-keys.js';
import { readExpiresAt } from '../current-row.js';
import type { View } from '../read-drop.js';
import type { Route } from '../routes.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';
import { createCellWriter } from './row-cells.js';

/** After so many rows a build looks at what it takes. */
const chunk = 4096;

/** All rows of a route as they are in the table. */
function rowsInTable(view: View, route: Route): Iterable<{ readonly key: string; readonly value: Buffer }> {
  const range = { start: entityRange(route.id)[0], end: eventRange(route.id)[1] };
  return view.reader.range(view.environment.current, range);
}

/** Reads a route into empty rows and columns; false when `fits` forbade to go on. */
export function buildRows(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  fits: () => boolean,
): boolean {
  const cells = createCellWriter(view, route, rows, columns);
  const resize = (): void => {
    for (const column of columns) column.resize(rows.size, rows.capacity);
  };
  let { capacity } = rows;
  for (const { key: row, value } of rowsInTable(view, route)) {
    const ordinal = rows.append(row, readExpiresAt(value));
    if (rows.capacity !== capacity) {
      ({ capacity } = rows);
      resize();
    }
    cells.write(ordinal, value);
    if (rows.size % chunk === 0 && !fits()) return false;
  }
  resize();
  return fits();
}

/** Reads further columns of rows that are up to date; false when `fits` forbade to go on. */
export function buildColumns(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  fits: () => boolean,
): boolean {
  const cells = createCellWriter(view, route, rows, columns);
  for (const column of columns) column.resize(rows.size, rows.capacity);
  const ordinals = rows.inTable()[Symbol.iterator]();
  let count = 0;
  for (const { value } of rowsInTable(view, route)) {
    const { value: ordinal, done } = ordinals.next();
    invariant(!done, 'the rows of a route are known when columns are added to them');
    cells.write(ordinal, value);
    count += 1;
    if (count % chunk === 0 && !fits()) return false;
  }
  invariant(ordinals.next().done, 'rows that are gone are known when columns are added');
  return fits();
}
