import type { IndexPath, StoredDrop } from '@drops/ir';
import { matchesPath, placeComparer, placeOf, scansOf, type Place } from './index-order.js';
import { cursorOf, dropAt } from './index-rows.js';
import type { View } from '../rows/read-drop.js';
import { readyIndex } from './ready-index.js';
import type { Route } from '../rows/routes.js';
import type { Room, Run } from '../rows/runs.js';

/** What the index scan means, out of a scan of everything: for states that the index does not know. */
function scanInstead(
  view: View,
  path: IndexPath,
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
        if (matchesPath(path, drop)) found.push({ drop, place: placeOf(path, route, drop) });
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
export function indexRun(path: IndexPath, route: Route, everything: () => readonly Run[]): Run {
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
      usable ??= scansOf(path).every((scan) => readyIndex(view, scan) !== undefined);
      if (usable && !view.past) {
        return cursor.read(view, (row) => give(view, drops, room, dropAt(view, route, row)), room);
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
