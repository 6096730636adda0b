import type { StoredDrop } from '@drops/ir';
import {
  entityPrefixEnd,
  entityRange,
  entityRow,
  eventRange,
  eventRow,
  keyOfRow,
  keyOfVersionRow,
  prefixOfVersionRow,
  txOfEventRow,
  txOfRow,
} from './binary-keys.js';
import { readHistory } from './history-row.js';
import { liveDrop, pastDrop, writtenDrop, type View } from './read-drop.js';
import type { Route } from './routes.js';

/** How much the batch in the making may still take. Large drops end it early. */
export interface Room {
  rows: number;
  bytes: number;
}

/**
 * A run of drops that is read page by page. Between two pages it holds nothing but its place, so that a page may come
 * from another transaction, or out of the history, when the snapshot was let go meanwhile.
 */
export interface Run {
  /** Adds drops until the room is used up; true when the run has ended. */
  fill(view: View, drops: StoredDrop[], room: Room): boolean;
}

function take(view: View, room: Room, drops: StoredDrop[], drop: StoredDrop | undefined): boolean {
  if (drop) {
    drops.push(drop);
    room.rows -= 1;
  }
  // Small rows come with the scan; what had to be fetched for them is what may be large.
  room.bytes -= view.reader.takeBytes();
  return room.rows > 0 && room.bytes > 0;
}

/** The live entities of a route by key, after `after`. */
export function entityRun(route: Route, after: string | undefined): Run {
  let last = after;

  const fillLive = (view: View, drops: StoredDrop[], room: Room): boolean => {
    const [first, end] = entityRange(route.id);
    const start = last === undefined ? first : `${entityRow(route.id, last)}\0`;
    for (const { key: row, value } of view.reader.range(view.environment.current, { start, end })) {
      const key = keyOfRow(row);
      last = key;
      if (!take(view, room, drops, liveDrop(view, route, key, value))) return false;
    }
    return true;
  };

  const fillPast = (view: View, drops: StoredDrop[], room: Room): boolean => {
    const [first, end] = entityRange(route.id);
    const start = last === undefined ? first : entityPrefixEnd(route.id, last);
    let prefix = '';
    let newest = '';
    const show = (): boolean => {
      if (newest === '') return true;
      last = keyOfVersionRow(newest);
      return take(view, room, drops, pastDrop(view, route, last, txOfRow(newest)));
    };
    for (const { key: row, value } of view.reader.range(view.environment.history, { start, end })) {
      const owner = prefixOfVersionRow(row);
      if (owner !== prefix) {
        if (!show()) return false;
        prefix = owner;
        newest = '';
      }
      if (txOfRow(row) <= view.tx) newest = readHistory(value).kind === 'put' ? row : '';
    }
    return show();
  };

  return { fill: (view, drops, room) => (view.past ? fillPast : fillLive)(view, drops, room) };
}

/** The visible events of a route by tx, after `after`. */
export function eventRun(route: Route, after: number): Run {
  let last = after;

  const fillLive = (view: View, drops: StoredDrop[], room: Room): boolean => {
    const range = { start: eventRow(route.id, last + 1), end: eventRange(route.id)[1] };
    for (const { key: row, value } of view.reader.range(view.environment.current, range)) {
      last = txOfEventRow(row);
      if (!take(view, room, drops, liveDrop(view, route, null, value))) return false;
    }
    return true;
  };

  const fillPast = (view: View, drops: StoredDrop[], room: Room): boolean => {
    const range = { start: eventRow(route.id, last + 1), end: eventRow(route.id, view.tx + 1) };
    for (const { key: row, value } of view.reader.range(view.environment.history, range)) {
      last = txOfEventRow(row);
      const { kind, hiddenAt } = readHistory(value);
      if (kind !== 'put' || (hiddenAt !== 0 && hiddenAt <= view.tx)) continue;
      if (!take(view, room, drops, pastDrop(view, route, null, last))) return false;
    }
    return true;
  };

  return { fill: (view, drops, room) => (view.past ? fillPast : fillLive)(view, drops, room) };
}

/** Every version in a range of `history`, as it was written. */
export function historyRun(route: Route, [first, last]: readonly [string, string], reverse: boolean): Run {
  let start = first;
  let end = last;
  return {
    fill(view, drops, room) {
      for (const row of view.reader.keys(view.environment.history, { start, end, reverse })) {
        if (reverse) end = row;
        else start = `${row}\0`;
        const tx = txOfRow(row);
        if (tx > view.tx) continue;
        if (!take(view, room, drops, writtenDrop(view, route, tx))) return false;
      }
      return true;
    },
  };
}

/** Several runs of events as one, by tx. */
export function mergedRun(runs: readonly Run[]): Run {
  if (runs.length === 1 && runs[0]) return runs[0];
  const heads = runs.map((run) => ({ run, drops: new Array<StoredDrop>(), at: 0, ended: false }));

  const refill = (view: View, head: (typeof heads)[number]): StoredDrop | undefined => {
    while (head.at === head.drops.length && !head.ended) {
      head.drops = [];
      head.at = 0;
      head.ended = head.run.fill(view, head.drops, { rows: 64, bytes: 1 << 20 });
    }
    return head.drops[head.at];
  };

  return {
    fill(view, drops, room) {
      for (;;) {
        let first: { readonly head: (typeof heads)[number]; readonly drop: StoredDrop } | undefined;
        for (const head of heads) {
          const drop = refill(view, head);
          if (drop && (!first || drop.tx < first.drop.tx)) first = { head, drop };
        }
        if (!first) return true;
        first.head.at += 1;
        if (!take(view, room, drops, first.drop)) return false;
      }
    },
  };
}
