import { compareStrings, type FacetCondition, type StoredDrop } from '@drops/ir';
import { compareBytes, eventRow, isEventRow, keyOfRow, readU32, txOfEventRow } from '../rows/binary-keys.js';
import type { KeyRange } from '../indexes/index-keys.js';
import { dropAt } from '../indexes/index-rows.js';
import { getEntity, pastDrop, type View } from '../rows/read-drop.js';
import { readHistory } from '../rows/history-row.js';
import type { Route } from '../rows/routes.js';
import type { Run } from '../rows/runs.js';
import { rangesOf, rowOfEntry } from './facet-keys.js';

interface Place {
  readonly route: Route;
  readonly row: string;
  readonly isEvent: boolean;
}

/** Entities by route and key, then events by tx. */
function comparePlaces(a: Place, b: Place): number {
  if (a.isEvent !== b.isEvent) return a.isEvent ? 1 : -1;
  if (a.isEvent) return txOfEventRow(a.row) - txOfEventRow(b.row);
  return compareStrings(a.route.path, b.route.path) || compareBytes(a.row, b.row);
}

/** The ranges of the condition with the fewest entries. */
function narrowest(view: View, conditions: readonly FacetCondition[]): readonly KeyRange[] {
  let best: { readonly ranges: readonly KeyRange[]; readonly count: number } | undefined;
  for (const condition of conditions) {
    const ranges = rangesOf(condition);
    let count = 0;
    for (const [start, end] of ranges) count += view.reader.count(view.environment.facets, { start, end });
    if (!best || count < best.count) best = { ranges, count };
  }
  return best?.ranges ?? [];
}

function findPlaces(view: View, ranges: readonly KeyRange[], mayRead: (route: string) => boolean): Place[] {
  const { reader, environment, routes } = view;
  const readable = new Map<number, Route | undefined>();
  const routeOf = (id: number): Route | undefined => {
    if (!readable.has(id)) {
      const route = routes.byId(reader, id);
      readable.set(id, route && mayRead(route.path) ? route : undefined);
    }
    return readable.get(id);
  };
  const rows = new Set<string>();
  for (const [start, end] of ranges) {
    for (const key of reader.keys(environment.facets, { start, end })) rows.add(rowOfEntry(key));
  }
  const places: Place[] = [];
  for (const row of rows) {
    const route = routeOf(readU32(row, 0));
    if (route) places.push({ route, row, isEvent: isEventRow(row) });
  }
  return places.sort(comparePlaces);
}

/** An event in a state whose transaction was let go meanwhile. */
function pastEvent(view: View, route: Route, tx: number): StoredDrop | undefined {
  const row = view.reader.get(view.environment.history, eventRow(route.id, tx));
  if (!row) return undefined;
  const { kind, hiddenAt } = readHistory(row);
  return kind === 'put' && (hiddenAt === 0 || hiddenAt > view.tx)
    ? pastDrop(view, route, null, tx)
    : undefined;
}

function dropOf(view: View, { route, row, isEvent }: Place): StoredDrop | undefined {
  if (!view.past) return dropAt(view, route, row);
  if (isEvent) return pastEvent(view, route, txOfEventRow(row));
  const found = getEntity(view, route.path, keyOfRow(row));
  return found === 'deleted' ? undefined : found;
}

/**
 * Live drops of readable routes, among them all that meet every condition: out of the entries of the one with the fewest.
 * Which rows they are is found at once, in the newest state; they are fetched as they are pulled.
 */
export function facetRun(
  view: View,
  conditions: readonly FacetCondition[],
  mayRead: (route: string) => boolean,
): Run {
  const places = findPlaces(view, narrowest(view, conditions), mayRead);
  let at = 0;
  return {
    fill(now, drops, room) {
      while (at < places.length && room.rows > 0 && room.bytes > 0) {
        const place = places[at];
        at += 1;
        const drop = place && dropOf(now, place);
        if (!drop) continue;
        drops.push(drop);
        room.rows -= 1;
        room.bytes -= now.reader.takeBytes();
      }
      return at === places.length;
    },
  };
}
