import type { ColumnName, ColumnUse, RouteColumns } from '../../columns.js';
import { pathKey } from '../counters.js';
import type { View } from '../read-drop.js';
import type { Route } from '../routes.js';
import { readStatistics } from '../statistics.js';
import { makeRoom, useOf, type CachedRoute } from './budget.js';
import { buildColumns, buildRows } from './build.js';
import { ColumnData } from './column-data.js';
import { openColumns } from './handle.js';
import { RouteRows } from './route-rows.js';
import { applyChanges, changesAfter } from './upkeep.js';

/** The columns of a process: derived from the table of current rows, kept up by the log, never written anywhere. */
export interface ColumnCache {
  /** See `Snapshot.columns`. */
  open(view: () => View, route: string, names: readonly ColumnName[]): RouteColumns | undefined;
  use(): ColumnUse;
}

export const defaultColumnMemory = 256 * 2 ** 20;

/** Who holds columns for longer keeps them, but the others get new ones. */
const holdLimit = 5000;
/** Reading a record of the log and the row that it changed takes about as long as reading two rows in a scan. */
const longestTail = (rows: number): number => rows / 2 + 64;
/** What a row takes at least, with one column. */
const leastRow = 12;
const refusalLimit = 1000;

const nameKey = (name: ColumnName): string => ('system' in name ? name.system : pathKey(name.path));

const emptyRoute = (id: number, tx: number, expected: number): CachedRoute => ({
  id,
  rows: new RouteRows(expected),
  columns: new Map(),
  tx,
  usedAt: 0,
  holders: 0,
  heldSince: 0,
});

/** Keeps columns in up to `budget` bytes; none with 0. */
export function createColumnCache(budget: number): ColumnCache {
  const routes = new Map<number, CachedRoute>();
  /** Route and columns that did not fit → the number of rows then. */
  const refusals = new Map<string, number>();
  let clock = 0;

  const isFree = ({ holders, heldSince }: CachedRoute): boolean =>
    holders === 0 || performance.now() - heldSince > holdLimit;

  /** Brings what is kept to the view's state; undefined when another reader forbids it, false when it is not worth it. */
  const renew = (view: View, route: Route, cached: CachedRoute): CachedRoute | undefined | false => {
    if (cached.tx === view.tx) return cached;
    if (cached.tx > view.tx) return undefined;
    if (view.tx - cached.tx > longestTail(cached.rows.size)) return isFree(cached) ? false : undefined;
    const changes = changesAfter(view, route, cached.tx);
    if (changes.entities.size + changes.events.size > 0) {
      if (!isFree(cached)) return undefined;
      if (cached.holders > 0) return false;
      const columns = [...cached.columns.values()].map(({ data }) => data);
      // What fails half-way is not kept.
      routes.delete(route.id);
      applyChanges(view, route, cached.rows, columns, changes);
      if (cached.rows.isStale || columns.some((column) => column.isStale)) return false;
      routes.set(route.id, cached);
    }
    cached.tx = view.tx;
    return cached;
  };

  /** Adds the missing columns; undefined when they do not fit. */
  const add = (
    view: View,
    route: Route,
    cached: CachedRoute,
    missing: ReadonlyMap<string, ColumnName>,
  ): CachedRoute | undefined => {
    const { rows } = cached;
    const added = [...missing].map(([key, name]) => ({ key, data: new ColumnData(name, rows.capacity) }));
    const data = added.map((column) => column.data);
    const fits = (): boolean => data.reduce((sum, { bytes }) => sum + bytes, rows.bytes) <= budget;
    const isNew = !routes.has(route.id);
    if (!(isNew ? buildRows : buildColumns)(view, route, rows, data, fits)) return undefined;
    for (const column of added) cached.columns.set(column.key, { data: column.data, usedAt: 0 });
    routes.set(route.id, cached);
    return cached;
  };

  /** The columns in that order, marked as used; undefined when they do not fit, everything else gone. */
  const take = (cached: CachedRoute, names: readonly string[]): readonly ColumnData[] | undefined => {
    clock += 1;
    cached.usedAt = clock;
    const found = names.flatMap((name) => cached.columns.get(name) ?? []);
    for (const column of found) column.usedAt = clock;
    makeRoom(routes, budget);
    const all = names.every((name) => cached.columns.has(name)) && routes.has(cached.id);
    return all ? found.map(({ data }) => data) : undefined;
  };

  const refuse = (refusal: string, rows: number): void => {
    if (refusals.size >= refusalLimit) refusals.clear();
    refusals.set(refusal, rows);
  };

  const open: ColumnCache['open'] = (viewOf, path, names) => {
    const view = viewOf();
    if (budget === 0 || view.past) return undefined;
    const route = view.routes.find(view.reader, path);
    if (!route) return undefined;
    const wanted = new Map(names.map((name) => [nameKey(name), name]));
    const keys = names.map(nameKey);
    const { entities, events } = readStatistics(view.environment, view.reader, route.id);
    const expected = entities + events;
    const refusal = [route.id, ...keys].join(' ');
    if (expected * leastRow > budget || expected >= (refusals.get(refusal) ?? Infinity)) return undefined;

    const kept = routes.get(route.id);
    const renewed = kept ? renew(view, route, kept) : false;
    if (renewed === undefined) return undefined;
    if (renewed === false) routes.delete(route.id);
    const start = renewed === false ? emptyRoute(route.id, view.tx, expected) : renewed;
    const missing = new Map([...wanted].filter(([key]) => !start.columns.has(key)));
    const complete = missing.size > 0 || renewed === false ? add(view, route, start, missing) : start;
    const data = complete && take(complete, keys);
    if (!data) {
      // What grew little by little may fit when it is built anew; what did not fit then is not tried again.
      if (renewed === false) refuse(refusal, expected);
      else routes.delete(route.id);
      makeRoom(routes, budget);
      return undefined;
    }
    if (start.holders === 0) start.heldSince = performance.now();
    start.holders += 1;
    return openColumns(viewOf, route, start.rows, data, () => {
      start.holders -= 1;
    });
  };

  return { open, use: () => useOf(routes) };
}
