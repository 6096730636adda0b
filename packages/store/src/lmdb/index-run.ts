import type { IndexScanPath, StoredDrop } from '@drops/ir';
import { compareBytes, isEventRow, keyOfRow } from './binary-keys.js';
import { readTimeOfRow } from './current-row.js';
import { endOfValues, endOfGroup, scanRanges } from './index-keys.js';
import {
  matchesScan,
  orderedRanges,
  placeComparer,
  placeOf,
  type DirectedRange,
  type Place,
} from './index-order.js';
import { liveDrop, type View } from './read-drop.js';
import { readyIndex } from './ready-index.js';
import type { Route } from './routes.js';
import type { Room, Run } from './runs.js';

/** The drop of a row of `current`; undefined when it has expired. */
function dropAt(view: View, route: Route, row: string): StoredDrop | undefined {
  const bytes = view.reader.peek(view.environment.current, row);
  return bytes && liveDrop(view, route, isEventRow(row) ? null : keyOfRow(row), bytes);
}

/** Rows of `current` by what an index says, in an order; it goes on from where the last page stopped. */
interface RowCursor {
  /** Gives rows to `take` until that answers false; true when there are no more. */
  read(view: View, take: (row: string) => boolean): boolean;
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

/** The rows of several values, gathered and put in the order of the route. */
function gatheredRows(path: IndexScanPath): RowCursor {
  let rows: readonly string[] | undefined;
  let at = 0;
  const gather = ({ reader, environment }: View): readonly string[] => {
    const found: string[] = [];
    for (const [start, end] of scanRanges(path)) {
      for (const key of reader.keys(environment.indexes, { start, end })) {
        found.push(rowOf(key, path));
      }
    }
    return found.sort(compareBytes);
  };
  return {
    read(view, take) {
      rows ??= gather(view);
      for (let row = rows[at]; row !== undefined; row = rows[at]) {
        at += 1;
        if (!take(row)) return false;
      }
      return true;
    },
  };
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
    const bytes = view.reader.peek(view.environment.current, row);
    if (!bytes) continue;
    if (!shared) places.push({ values: [], time: readTimeOfRow(bytes), row });
    else {
      const drop = dropAt(view, route, row);
      if (drop) places.push(placeOf(path, route, drop));
    }
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
        ranges = [{ ...range, ...(range.reverse ? { end: code } : { start: `${code}\xff` }) }, ...rest];
        return false;
      }
      return true;
    },
  };
}

function cursorOf(path: IndexScanPath, route: Route): RowCursor {
  const { order, equal, fields } = path;
  if (order.kind === 'values') return orderedRows(path, route, equal.length + order.fields);
  const [only, ...others] = scanRanges(path);
  const whole = only && others.length === 0 && equal.length === fields.length;
  return whole ? streamedRows(path, only) : gatheredRows(path);
}

/** What the index scan means, out of a scan of everything: for states that the index does not know. */
function scanInstead(
  view: View,
  path: IndexScanPath,
  route: Route,
  everything: readonly Run[],
  after: StoredDrop | undefined,
): readonly StoredDrop[] {
  const found: { readonly drop: StoredDrop; readonly place: Place }[] = [];
  for (const run of everything) {
    for (let ended = false; !ended;) {
      const drops: StoredDrop[] = [];
      ended = run.fill(view, drops, { rows: 1024, bytes: 4 << 20 });
      for (const drop of drops) {
        if (matchesScan(path, drop)) found.push({ drop, place: placeOf(path, route, drop) });
      }
    }
  }
  const compare = placeComparer(path);
  const start = after && placeOf(path, route, after);
  return found
    .filter(({ place }) => !start || compare(place, start) > 0)
    .sort((a, b) => compare(a.place, b.place))
    .map(({ drop }) => drop);
}

/**
 * The drops of an index scan. Entries tell of the newest state only: a snapshot of the past, or one whose transaction
 * was let go on the way, goes on from its place with `everything`, the runs of a scan of the route.
 */
export function indexRun(path: IndexScanPath, route: Route, everything: () => readonly Run[]): Run {
  const cursor = cursorOf(path, route);
  let usable: boolean | undefined;
  let last: StoredDrop | undefined;
  let instead: readonly StoredDrop[] | undefined;
  let at = 0;

  const give = (view: View, drops: StoredDrop[], room: Room, drop: StoredDrop | undefined): boolean => {
    if (drop && !(path.rows === 'entities' && drop.key === null)) {
      last = drop;
      drops.push(drop);
      room.rows -= 1;
    }
    room.bytes -= view.reader.takeBytes();
    return room.rows > 0 && room.bytes > 0;
  };

  return {
    fill(view, drops, room) {
      usable ??= readyIndex(view, path) !== undefined;
      if (usable && !view.past) {
        return cursor.read(view, (row) => give(view, drops, room, dropAt(view, route, row)));
      }
      instead ??= scanInstead(view, path, route, everything(), last);
      for (let drop = instead[at]; drop; drop = instead[at]) {
        at += 1;
        if (!give(view, drops, room, drop)) return false;
      }
      return true;
    },
  };
}
