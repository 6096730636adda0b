import { pathKey } from '../../writing/counter-values.js';
import type { ColumnName, ColumnUse, RouteColumns } from '../../columns.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import { readStatistics } from '../statistics/statistics.js';
import { makeRoom, useOf, type CachedRoute } from './budget.js';
import { buildInSlices } from './background.js';
import type { ColumnFiles } from './column-files.js';
import { firstRow, readColumns, readRows } from './build.js';
import { ColumnData } from './column-data.js';
import { openColumns } from './handle.js';
import { RouteRows } from './route-rows.js';
import { applyChanges, changesAfter } from './upkeep.js';

/** The columns of a process: derived from the table of current rows, kept up by the log, left in files for the next process. */
export interface ColumnCache {
  /** See `Snapshot.columns`. */
  open(view: () => View, route: string, names: readonly ColumnName[]): RouteColumns | undefined;
  use(): ColumnUse;
  /** Lets all go, in memory and in files: the rows that they were made of are made anew. */
  forget(): void;
  /** Ends what is being built, and saves what files do not have. */
  close(): Promise<void>;
}

/** Routes with more rows are built between other work, in slices: the others wait meanwhile for no longer than that. */
export interface Slices {
  readonly rows: number;
  /** In ms. */
  readonly slice: number;
}

/** So many rows are read in about a tenth of a second. */
const defaultSlices: Slices = { rows: 200_000, slice: 5 };
export const defaultColumnMemory = 256 * 2 ** 20;

/** Who holds columns for longer keeps them, but the others get new ones. */
const holdLimit = 5000;
/** Reading a record of the log and the row that it changed takes about as long as reading two rows in a scan. */
const longestTail = (rows: number): number => rows / 2 + 64;
/** What a row takes at least, with one column. */
const leastRow = 12;
const refusalLimit = 1000;

const nameKey = (name: ColumnName): string => ('system' in name ? name.system : pathKey(name.path));

const newRoute = (id: number, rows: RouteRows, tx: number, readAt: number): CachedRoute => ({
  id,
  rows,
  columns: new Map(),
  tx,
  readAt,
  usedAt: 0,
  changes: 0,
  holders: 0,
  heldSince: 0,
});

/** Name (see `nameKey`) → what it names. */
type Names = ReadonlyMap<string, ColumnName>;

/** Keeps columns in up to `budget` bytes; none with 0. Without `files` they end with the process. */
export function createColumnCache(
  budget: number,
  files: ColumnFiles | undefined,
  slices = defaultSlices,
): ColumnCache {
  const routes = new Map<number, CachedRoute>();
  /** Route and columns that did not fit → the number of rows then. */
  const refusals = new Map<string, number>();
  /** Route → the way to stop what is being built of it. */
  const builds = new Map<number, () => void>();
  let clock = 0;

  const isFree = ({ holders, heldSince }: CachedRoute): boolean =>
    holders === 0 || performance.now() - heldSince > holdLimit;

  /** Brings what is kept to the view's state; undefined when another reader forbids it, false when it is not worth it. */
  const renew = (view: View, route: Route, cached: CachedRoute): CachedRoute | undefined | false => {
    if (cached.tx === view.tx) return cached;
    if (Math.max(cached.tx, cached.readAt) > view.tx) return undefined;
    if (view.tx - cached.tx > longestTail(cached.rows.size)) return isFree(cached) ? false : undefined;
    const changes = changesAfter(view, route, cached.tx);
    if (changes.entities.size + changes.events.size > 0) {
      if (!isFree(cached)) return undefined;
      if (cached.holders > 0) return false;
      const columns = [...cached.columns.values()].map(({ data }) => data);
      // What fails half-way is not kept.
      routes.delete(route.id);
      cached.changes += 1;
      applyChanges(view, route, cached.rows, columns, changes);
      if (cached.rows.isStale || columns.some((column) => column.isStale)) return false;
      routes.set(route.id, cached);
    }
    cached.tx = view.tx;
    return cached;
  };

  /** What an earlier process left, at the view's state. */
  const restore = (view: View, route: Route): CachedRoute | undefined => {
    const saved = files?.read(view, route, (tx, rows) => view.tx - tx <= longestTail(rows));
    if (!saved) return undefined;
    const cached = newRoute(route.id, saved.rows, saved.tx, saved.readAt);
    for (const data of saved.columns) cached.columns.set(nameKey(data.name), { data, usedAt: 0 });
    files?.isSaved(cached);
    const renewed = renew(view, route, cached);
    if (!renewed) return undefined;
    routes.set(route.id, renewed);
    return renewed;
  };

  const makeColumns = (rows: RouteRows, names: Names) =>
    [...names].map(([key, name]) => ({ key, data: new ColumnData(name, rows.capacity) }));

  const fitting = (rows: RouteRows, data: readonly ColumnData[]) => (): boolean =>
    data.reduce((sum, { bytes }) => sum + bytes, rows.bytes) <= budget;

  const keep = (cached: CachedRoute, added: ReturnType<typeof makeColumns>): void => {
    for (const { key, data } of added) cached.columns.set(key, { data, usedAt: clock });
    routes.set(cached.id, cached);
  };

  /** Reads the missing columns; false when they do not fit. */
  const add = (view: View, route: Route, cached: CachedRoute, missing: Names): boolean => {
    const { rows } = cached;
    const added = makeColumns(rows, missing);
    const data = added.map((column) => column.data);
    const fits = fitting(rows, data);
    const ended = routes.has(route.id)
      ? readColumns(view, route, rows, data, fits)
      : readRows(view, route, rows, data, firstRow(route), fits) === undefined;
    if (!ended || !fits()) return false;
    keep(cached, added);
    return true;
  };

  /** Begins to read a large route anew, with the columns that are known. */
  const addLater = (view: View, route: Route, expected: number, names: Names, refuse: () => void): void => {
    if (builds.has(route.id)) return;
    const rows = new RouteRows(expected);
    const added = makeColumns(rows, names);
    const data = added.map((column) => column.data);
    const fits = fitting(rows, data);
    const stop = buildInSlices(view, route, rows, data, slices.slice, fits, (built) => {
      builds.delete(route.id);
      if (!fits()) refuse();
      if (!built) return;
      clock += 1;
      keep(newRoute(route.id, rows, built.tx, built.readAt), added);
      makeRoom(routes, budget);
    });
    builds.set(route.id, stop);
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

  /** The columns of a route with those that are wanted; undefined when they do not fit, or are made beside other work. */
  const complete = (
    view: View,
    route: Route,
    found: CachedRoute | undefined,
    wanted: Names,
  ): CachedRoute | undefined => {
    const missingIn = (known: CachedRoute | undefined): Names =>
      new Map([...wanted].filter(([key]) => !known?.columns.has(key)));
    if (found && missingIn(found).size === 0) return found;

    const { entities, events } = readStatistics(view.environment, view.reader, route.id);
    const expected = entities + events;
    const refusal = [route.id, ...wanted.keys()].join(' ');
    const isRefused = expected >= (refusals.get(refusal) ?? Infinity);
    if (isRefused || expected * leastRow > budget) return undefined;
    const known = found ?? restore(view, route);
    const missing = missingIn(known);
    if (known && missing.size === 0) return known;

    if (expected > slices.rows) {
      const names: Names = new Map([...(known?.columns ?? [])].map(([key, { data }]) => [key, data.name]));
      addLater(view, route, expected, new Map([...names, ...wanted]), () => {
        // Without the others they may fit.
        if (!routes.delete(route.id)) refuse(refusal, expected);
      });
      return undefined;
    }
    const cached = known ?? newRoute(route.id, new RouteRows(expected), view.tx, view.tx);
    if (add(view, route, cached, missing)) return cached;
    // What grew little by little may fit when it is built anew; what did not fit then is not tried again.
    if (!found) refuse(refusal, expected);
    routes.delete(route.id);
    return undefined;
  };

  const open: ColumnCache['open'] = (viewOf, path, names) => {
    const view = viewOf();
    if (budget === 0 || view.past) return undefined;
    const route = view.routes.find(view.reader, path);
    if (!route) return undefined;
    const keys = names.map(nameKey);
    const wanted: Names = new Map(names.map((name) => [nameKey(name), name]));
    const kept = routes.get(route.id);
    const renewed = kept ? renew(view, route, kept) : false;
    if (renewed === undefined) return undefined;
    if (renewed === false) routes.delete(route.id);

    const cached = complete(view, route, renewed === false ? undefined : renewed, wanted);
    if (!cached) return undefined;
    const data = take(cached, keys);
    if (!data) {
      routes.delete(route.id);
      return undefined;
    }
    files?.note(route, cached);
    const { rows } = cached;
    const holder = cached;
    if (holder.holders === 0) holder.heldSince = performance.now();
    holder.holders += 1;
    return openColumns(viewOf, route, rows, data, () => {
      holder.holders -= 1;
    });
  };

  const stopBuilds = (): void => {
    for (const stop of builds.values()) stop();
    builds.clear();
  };

  return {
    open,
    use: () => useOf(routes),
    forget() {
      stopBuilds();
      routes.clear();
      files?.forget();
    },
    async close() {
      stopBuilds();
      await files?.close();
    },
  };
}
