import type { ColumnUse } from '../../columns.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';

/** The columns of a route that are in memory. */
export interface CachedRoute {
  readonly id: number;
  readonly rows: RouteRows;
  /** Name (see `nameKey`) → column. */
  readonly columns: Map<string, CachedColumn>;
  /** Counts up with each use. */
  usedAt: number;
  /** The tx whose state they show; what was changed after it has to be read again. */
  tx: number;
  /** The last tx that some row may show already: they cannot be brought to a state before it. */
  readonly readAt: number;
  /** Counts up with each change of rows or cells. */
  changes: number;
  /** Readers that have not released them. */
  holders: number;
  heldSince: number;
}
export interface CachedColumn {
  readonly data: ColumnData;
  usedAt: number;
}

/** What the columns of a route take in memory, about. */
export function bytesOf({ rows, columns }: CachedRoute): number {
  let bytes = rows.bytes;
  for (const { data } of columns.values()) bytes += data.bytes;
  return bytes;
}

/** What all columns cost. */
export function useOf(routes: ReadonlyMap<number, CachedRoute>): ColumnUse {
  let columns = 0;
  let bytes = 0;
  for (const route of routes.values()) {
    columns += route.columns.size;
    bytes += bytesOf(route);
  }
  return { routes: routes.size, columns, bytes };
}

/** What can go by itself: a column, or the rows of a route without any. */
interface Part {
  readonly route: CachedRoute;
  readonly name: string | undefined;
  readonly usedAt: number;
}

function partsOf(route: CachedRoute): readonly Part[] {
  if (route.columns.size === 0) return [{ route, name: undefined, usedAt: route.usedAt }];
  return [...route.columns].map(([name, { usedAt }]) => ({ route, name, usedAt }));
}

/** Lets the least recently used columns go until the others fit; a route goes with its last column. */
export function makeRoom(routes: Map<number, CachedRoute>, budget: number): void {
  let { bytes } = useOf(routes);
  if (bytes <= budget) return;
  const parts = [...routes.values()].flatMap(partsOf).sort((a, b) => a.usedAt - b.usedAt);
  for (const { route, name } of parts) {
    if (bytes <= budget) return;
    const before = bytesOf(route);
    if (name !== undefined) route.columns.delete(name);
    const isGone = route.columns.size === 0;
    if (isGone) routes.delete(route.id);
    bytes -= isGone ? before : before - bytesOf(route);
  }
}
