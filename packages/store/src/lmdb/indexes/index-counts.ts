import type { IndexScanPath } from '@drops/ir';
import type { CountSource, RowCount } from '../../store.js';
import { hiddenRows } from '../rows/hidden-rows.js';
import { entriesOf } from './index-entries.js';
import { afterAll, endOfGroup, isExact, scanRanges, valuesOfKey, type KeyRange } from './index-keys.js';
import type { View } from '../rows/read-drop.js';
import { readyIndex } from './ready-index.js';
import { readStatistics } from '../statistics/statistics.js';

/** How many entries a scan has, counted up to a limit. */
export function countEntries({ reader, environment }: View, path: IndexScanPath, limit: number): number {
  let count = 0;
  for (const [start, end] of scanRanges(path)) {
    const room = limit - count;
    if (room <= 0) break;
    if (reader.keyAt(environment.indexes, { start, end }, room - 1) !== undefined) count += room;
    else if (room > 1) count += reader.count(environment.indexes, { start, end });
  }
  return count;
}

/** Entries that one turn counts: a few ms. */
const turn = 50_000;
/** Groups that one turn gives. */
const turnGroups = 1024;
/** What reading a key costs, beside counting one. */
const readCost = 8;
/** Keys of a group that are read before its others are counted. */
const readKeys = 32;
/** Keys that the first step of such a count skips; each further one skips twice as many. */
const firstStep = 256;

/** Entries of hidden rows; undefined where the index does not tell what is asked. */
function hiddenEntries(
  view: View,
  path: IndexScanPath,
  except: readonly string[],
): ReadonlySet<string> | undefined {
  const index = readyIndex(view, path);
  const route = view.routes.find(view.reader, path.route);
  if (!index || !route || !isExact(path)) return undefined;
  if (path.rows === 'entities' && readStatistics(view.environment, view.reader, route.id).events > 0)
    return undefined;
  const rows = hiddenRows(view, route, except);
  return rows && new Set([...rows].flatMap((row) => entriesOf(view.environment, view.reader, [index], row)));
}

/** How many of some keys are within [start, end). */
function within(keys: ReadonlySet<string>, start: string, end: string): number {
  let count = 0;
  for (const key of keys) if (key >= start && key < end) count += 1;
  return count;
}

/**
 * Counts out of the entries of an index: the first keys of a group are read, the rest of a large one is counted in one
 * go. It ends with undefined at a value that stands for several, and when the snapshot is let go on the way.
 */
export function indexCounts(
  view: () => View,
  path: IndexScanPath,
  by: number,
  except: readonly string[],
): CountSource {
  const from = path.equal.length;
  const ranges: KeyRange[] = [...scanRanges(path)];
  let hidden: ReadonlySet<string> | undefined;
  let group: { readonly code: string; readonly values: RowCount['values'] } | undefined;
  let read = 0;

  /** Moves the beginning of what is still to be counted. */
  const goOn = (start: string): void => {
    const [range] = ranges;
    if (range) ranges[0] = [start, range[1]];
  };

  /** Counts the rest of the group without reading it, as far as the turn goes: in steps, since a skip does not mind the end. */
  const countRest = ({ reader, environment: { indexes } }: View, code: string, room: number): number => {
    const [first, last] = ranges[0] ?? ['', ''];
    const end = code + afterAll < last ? code + afterAll : last;
    let start = first;
    let count = 0;
    for (let step = firstStep; count < room; step *= 2) {
      const beyond = reader.keyAt(indexes, { start, end }, step);
      if (beyond === undefined) {
        count += reader.count(indexes, { start, end });
        start = end;
        read = 0;
        break;
      }
      count += step;
      start = beyond;
    }
    goOn(start);
    return count - (hidden ? within(hidden, first, start) : 0);
  };

  const counts: { values: RowCount['values']; count: number }[] = [];
  const add = (values: RowCount['values'], count: number): void => {
    const last = counts.at(-1);
    if (last?.values === values) last.count += count;
    else counts.push({ values, count });
  };

  /** Reads keys until a group turns out to be large; what it cost, or undefined at a shared value. */
  const readSome = (now: View): number | undefined => {
    const [start, end] = ranges[0] ?? ['', ''];
    let steps = 0;
    for (const key of now.reader.keys(now.environment.indexes, { start, end })) {
      if (!group || !key.startsWith(group.code)) {
        const found = endOfGroup(key, from, from + by);
        if (found.shared) return undefined;
        group = { code: key.slice(0, found.end), values: valuesOfKey(key, from, from + by) };
        read = 0;
      }
      steps += readCost;
      read += 1;
      add(group.values, hidden?.has(key) ? 0 : 1);
      goOn(`${key}\0`);
      if (read >= readKeys || steps >= turn || counts.length >= turnGroups) return steps;
    }
    ranges.shift();
    group = undefined;
    read = 0;
    return steps;
  };

  return {
    next() {
      const now = view();
      if (now.past) return undefined;
      hidden ??= hiddenEntries(now, path, except);
      if (!hidden) return undefined;
      counts.length = 0;
      for (let room = turn; room > 0 && ranges.length > 0 && counts.length < turnGroups;) {
        if (group && read >= readKeys) {
          const counted = countRest(now, group.code, room);
          add(group.values, counted);
          room -= Math.max(counted, readCost);
          continue;
        }
        const steps = readSome(now);
        if (steps === undefined) return undefined;
        room -= steps;
      }
      if (counts.length > 0) return [...counts];
      return ranges.length === 0 ? null : [];
    },
  };
}
