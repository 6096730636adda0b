import type { IndexPath, IndexScanPath, StoredDrop } from '@drops/ir';
import { compareBytes, isEventRow, keyOfRow } from '../rows/binary-keys.js';
import { readTimeOfRow } from '../rows/current-row.js';
import { endOfValues, endOfGroup, scanRanges, type KeyRange } from './index-keys.js';
import { orderedRanges, placeComparer, placeOf, type DirectedRange, type Place } from './index-order.js';
import { liveDrop, type View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { Room } from '../rows/runs.js';

/** The drop of a row of `current`; undefined when it has expired. */
export function dropAt(view: View, route: Route, row: string): StoredDrop | undefined {
  const bytes = view.reader.peek(view.environment.current, row);
  return bytes && liveDrop(view, route, isEventRow(row) ? null : keyOfRow(row), bytes);
}

/** Rows of `current` by what an index says, in an order; it goes on from where the last page stopped. */
export interface RowCursor {
  /** Gives rows to `take` until that answers false or, where entries are gathered first, there is no room; true when there are no more. */
  read(view: View, take: (row: string) => boolean, room: Room): boolean;
}

/** The rows of one combination of values: their entries are in the order of the route already. */
function streamedRows(path: IndexScanPath, [first, end]: readonly [string, string]): RowCursor {
  let start = first;
  return {
    read(view, take) {
      for (const key of view.reader.keys(view.environment.indexes, { start, end })) {
        start = `${key}\0`;
        if (!take(rowOf(key, path))) return false;
      }
      return true;
    },
  };
}

/** Reads the rows of a scan in the order of its entries, a turn at a time. */
function createGatherer(path: IndexScanPath) {
  let ranges = scanRanges(path);
  /** Gives rows to `take` as long as there is room; true when there are no more. */
  return ({ reader, environment }: View, room: Room, take: (row: string) => void): boolean => {
    for (let range = ranges[0]; range; range = ranges[0]) {
      const rest = ranges.slice(1);
      for (const key of reader.keys(environment.indexes, { start: range[0], end: range[1] })) {
        take(rowOf(key, path));
        room.bytes -= gatheredBytes;
        if (room.bytes > 0) continue;
        ranges = [[`${key}\0`, range[1]], ...rest];
        return false;
      }
      ranges = rest;
    }
    return true;
  };
}

/** What an entry counts that is gathered: some ten thousand are a batch, and others get their turn. */
const gatheredBytes = 400;

/** Rows that are gathered first, then given in the order of the route. */
function gatheredRows(gather: (view: View, room: Room) => readonly string[] | undefined): RowCursor {
  let rows: readonly string[] | undefined;
  let at = 0;
  return {
    read(view, take, room) {
      rows ??= gather(view, room);
      if (!rows) return false;
      for (let row = rows[at]; row !== undefined; row = rows[at]) {
        at += 1;
        if (!take(row)) return false;
      }
      return true;
    },
  };
}

/** The rows of several values of one index. */
function rowsOfScan(path: IndexScanPath): RowCursor {
  const gather = createGatherer(path);
  const found: string[] = [];
  return gatheredRows((view, room) =>
    gather(view, room, (row) => found.push(row)) ? found.sort(compareBytes) : undefined,
  );
}

/** The rows that all scans give: those of the first are held, and fewer with every other. */
function commonRows(paths: readonly IndexScanPath[]): RowCursor {
  const gatherers = paths.map(createGatherer);
  let at = 0;
  let held: ReadonlySet<string> | undefined;
  let found = new Set<string>();
  return gatheredRows((view, room) => {
    for (let gather = gatherers[at]; gather; gather = gatherers[at]) {
      const ended = gather(view, room, (row) => {
        if (!held || held.has(row)) found.add(row);
      });
      if (!ended) return undefined;
      held = found;
      found = new Set();
      at = held.size === 0 ? gatherers.length : at + 1;
    }
    return [...(held ?? [])].sort(compareBytes);
  });
}

/** The rows that any scan gives, each once. */
function rowsOfAny(paths: readonly IndexScanPath[]): RowCursor {
  const gatherers = paths.map(createGatherer);
  let at = 0;
  const found = new Set<string>();
  return gatheredRows((view, room) => {
    for (let gather = gatherers[at]; gather; gather = gatherers[at]) {
      if (!gather(view, room, (row) => found.add(row))) return undefined;
      at += 1;
    }
    return [...found].sort(compareBytes);
  });
}

/** The row of `current` in an entry's key. */
const rowOf = (key: string, path: IndexScanPath): string => key.slice(endOfValues(key, path.fields.length));

/** Entries with the same values. */
interface Group {
  /** Their values are to be told apart by the drops. */
  readonly shared: boolean;
  readonly keys: readonly string[];
}

/** The rows of a group as they leave: by created_at, then key; by the values first where their keys do not tell them apart. */
function orderGroup(
  view: View,
  route: Route,
  path: IndexScanPath,
  { shared, keys }: Group,
): readonly string[] {
  const rows = keys.map((key) => rowOf(key, path));
  const places: Place[] = [];
  for (const row of rows) {
    if (shared) {
      const drop = dropAt(view, route, row);
      if (drop) places.push(placeOf(path, route, drop));
      continue;
    }
    const bytes = view.reader.peek(view.environment.current, row);
    if (bytes) places.push({ values: [], time: readTimeOfRow(bytes), row });
  }
  return places.sort(placeComparer(path)).map((place) => place.row);
}

/** The rows by their values, value by value. Values that one row has, the most in many an index, cost no more than their entry. */
function orderedRows(path: IndexScanPath, route: Route, depth: number): RowCursor {
  let ranges = orderedRanges(path);
  let pending: readonly string[] = [];
  let at = 0;

  const givePending = (take: (row: string) => boolean): boolean => {
    for (let row = pending[at]; row !== undefined; row = pending[at]) {
      at += 1;
      if (!take(row)) return false;
    }
    return true;
  };
  /** Gives the rows of one range; the code of the values behind which it stopped. */
  const giveRange = (
    view: View,
    range: DirectedRange,
    take: (row: string) => boolean,
  ): string | undefined => {
    let code = '';
    let shared = false;
    let first = '';
    let others: string[] = [];
    const giveGroup = (): boolean => {
      if (others.length === 0) return first === '' || take(rowOf(first, path));
      pending = orderGroup(view, route, path, { shared, keys: [first, ...others] });
      at = 0;
      others = [];
      return givePending(take);
    };
    for (const key of view.reader.keys(view.environment.indexes, range)) {
      if (first !== '' && key.startsWith(code)) {
        others.push(key);
        continue;
      }
      if (!giveGroup()) return code;
      const group = endOfGroup(key, path.equal.length, depth);
      code = key.slice(0, group.end);
      shared = group.shared;
      first = key;
    }
    return giveGroup() ? undefined : code;
  };

  return {
    read(view, take) {
      if (!givePending(take)) return false;
      for (let range = ranges[0]; range; range = ranges[0]) {
        const rest = ranges.slice(1);
        const code = giveRange(view, range, take);
        if (code === undefined) {
          ranges = rest;
          continue;
        }
        const { start, end, reverse } = range;
        ranges = [reverse ? { start, end: code, reverse } : { start: `${code}\xff`, end, reverse }, ...rest];
        return false;
      }
      return true;
    },
  };
}

/**
 * The rows group by group, those of a group in the order of the route. Entries of a group have that order where its fields are
 * the last of the index; else the entries of one group at a time are gathered.
 */
function groupedRows(path: IndexScanPath, route: Route, depth: number): RowCursor {
  const inOrder = depth === path.fields.length;
  let ranges = scanRanges(path);
  let pending: readonly string[] = [];
  let at = 0;

  const givePending = (take: (row: string) => boolean): boolean => {
    for (let row = pending[at]; row !== undefined; row = pending[at]) {
      at += 1;
      if (!take(row)) return false;
    }
    return true;
  };
  const giveGathered = (
    view: View,
    shared: boolean,
    keys: readonly string[],
    take: (row: string) => boolean,
  ) => {
    pending = shared
      ? orderGroup(view, route, path, { shared, keys })
      : keys.map((key) => rowOf(key, path)).sort(compareBytes);
    at = 0;
    return givePending(take);
  };
  /** Gives the rows of one range; where to go on when it stopped. */
  const giveRange = (
    view: View,
    [start, end]: KeyRange,
    take: (row: string) => boolean,
  ): string | undefined => {
    let code: string | undefined;
    let shared = false;
    let gathered: string[] = [];
    for (const key of view.reader.keys(view.environment.indexes, { start, end })) {
      if (code === undefined || !key.startsWith(code)) {
        if (gathered.length > 0 && !giveGathered(view, shared, gathered, take)) return key;
        gathered = [];
        const group = endOfGroup(key, path.equal.length, depth);
        code = key.slice(0, group.end);
        ({ shared } = group);
      }
      if (!inOrder || shared) gathered.push(key);
      else if (!take(rowOf(key, path))) return `${key}\0`;
    }
    return gathered.length > 0 && !giveGathered(view, shared, gathered, take) ? end : undefined;
  };

  return {
    read(view, take) {
      if (!givePending(take)) return false;
      for (let range = ranges[0]; range; range = ranges[0]) {
        const stop = giveRange(view, range, take);
        ranges = stop === undefined ? ranges.slice(1) : [[stop, range[1]], ...ranges.slice(1)];
        if (stop !== undefined) return false;
      }
      return true;
    },
  };
}

/** The rows of one index scan, in its order. */
function scanCursor(path: IndexScanPath, route: Route): RowCursor {
  const { order, equal, fields } = path;
  if (order.kind === 'values') return orderedRows(path, route, equal.length + order.fields);
  if (order.kind === 'groups') return groupedRows(path, route, equal.length + order.fields);
  const [only, ...others] = scanRanges(path);
  const whole = only && others.length === 0 && equal.length === fields.length;
  return whole ? streamedRows(path, only) : rowsOfScan(path);
}

/** The rows of `current` that a path names, in its order. */
export function cursorOf(path: IndexPath, route: Route): RowCursor {
  switch (path.kind) {
    case 'IndexScan':
      return scanCursor(path, route);
    case 'IndexIntersection':
      return commonRows(path.scans);
    case 'IndexUnion':
      return rowsOfAny(path.scans);
  }
}
