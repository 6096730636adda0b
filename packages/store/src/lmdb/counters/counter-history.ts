import type { Counters } from '../../writing/counter-values.js';
import { compareBytes, entityPrefix, entityPrefixEnd, fromUtf8, u48 } from '../rows/binary-keys.js';
import { changesInLog, type CounterChange } from './counter-changes.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { readHead } from '../head.js';

/*
 * What counters were is written for so many records of the log at once: a row for each counter that they touched, with all
 * its changes. One row a change, at its own place among all, would be four of five pages that an increment dirties. What
 * came after the last whole segment is in the log.
 */

/** Up to which tx the rows tell what was, in a state whose last tx is `head`. */
const coveredTx = (head: number, segment: number): number => head - (head % segment);

const entryLength = 14;

/** Row of the changes of a counter in a segment, by the last of them. */
const rowOf = (entity: string, path: string, tx: number): string => `${entity}${path}\0${u48(tx)}`;

function pack(changes: readonly CounterChange[]): Buffer {
  const bytes = Buffer.allocUnsafe(changes.length * entryLength);
  changes.forEach(({ tx, value }, i) => {
    bytes.writeUIntBE(tx, i * entryLength, 6);
    bytes.writeDoubleBE(value ?? Number.NaN, i * entryLength + 6);
  });
  return bytes;
}

/** A counter from a tx on; null: it was cleared. */
interface CounterPoint {
  readonly tx: number;
  readonly value: number | null;
}

/** The last change in a row up to a tx. */
function lastIn(row: Buffer, tx: number): CounterPoint | undefined {
  let [low, high] = [0, row.length / entryLength];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row.readUIntBE(middle * entryLength, 6) <= tx) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return undefined;
  const at = (low - 1) * entryLength;
  const value = row.readDoubleBE(at + 6);
  return { tx: row.readUIntBE(at, 6), value: Number.isNaN(value) ? null : value };
}

/** The last change up to a tx of each path of an entity that has rows; the empty path stands for all. */
function readRows(
  environment: Environment,
  reader: Reader,
  entity: string,
  entityEnd: string,
  tx: number,
): ReadonlyMap<string, CounterPoint> {
  const { counterHistory } = environment;
  const found = new Map<string, CounterPoint>();
  for (let end = entityEnd; ;) {
    const [last] = reader.keys(counterHistory, { start: entity, end, reverse: true, limit: 1 });
    if (last === undefined) return found;
    const rows = last.slice(0, -6);
    // The row that holds this tx, or the one before it.
    const [holding] = reader.range(counterHistory, { start: rows + u48(tx), end, limit: 1 });
    const inside = holding && lastIn(holding.value, tx);
    const [before] = inside
      ? []
      : reader.range(counterHistory, { start: rows, end: rows + u48(tx), reverse: true, limit: 1 });
    const point = inside ?? (before && lastIn(before.value, tx));
    if (point) found.set(rows.slice(entity.length, -1), point);
    end = rows;
  }
}

/** Takes down what records do to counters, and writes it a segment at a time. */
export interface CounterHistory {
  /** A write transaction begins after this tx. */
  begin(head: number): void;
  note(change: CounterChange): void;
  /** The records up to this tx are in the log: writes the segments that they complete. */
  end(head: number): void;
  /** The transaction came to nothing. */
  forget(): void;
}

/** The history of a writer. Records of other writers are read from the log when a segment ends. */
export function createCounterHistory(environment: Environment, reader: Reader): CounterHistory {
  const { counterHistory, segment } = environment;
  let noted: CounterChange[] = [];
  /** All changes after `since` up to `upTo` are noted. */
  let since = -1;
  let upTo = -1;

  const hasCounters = (entity: string): boolean => {
    const [row] = reader.keys(counterHistory, { start: entity, end: `${entity}\xff`, limit: 1 });
    return row !== undefined;
  };

  const writeSegment = (changes: readonly CounterChange[]): void => {
    const counters = new Map<string, CounterChange[]>();
    const touched = new Set<string>();
    for (const change of changes) {
      const { entity, path } = change;
      // Most entities that end never had a counter.
      if (path === '' && !touched.has(entity) && !hasCounters(entity)) continue;
      touched.add(entity);
      const name = `${entity}${path}`;
      const known = counters.get(name);
      if (known) known.push(change);
      else counters.set(name, [change]);
    }
    const rows = [...counters.values()].map((list) => {
      const { entity, path, tx } = list[list.length - 1] ?? list[0]!;
      return [rowOf(entity, path, tx), list] as const;
    });
    for (const [row, list] of rows.sort(([a], [b]) => compareBytes(a, b)))
      counterHistory.putSync(row, pack(list));
  };

  return {
    begin(head) {
      if (head === upTo) return;
      noted = [];
      since = head;
      upTo = head;
    },
    note: (change) => void noted.push(change),
    end(head) {
      const covered = coveredTx(head, segment);
      let from = coveredTx(upTo, segment);
      upTo = head;
      if (covered === from) return;
      const earlier = since > from ? changesInLog(environment, reader, from, since) : [];
      const all = [...earlier, ...noted];
      for (; from < covered; from += segment) {
        const [start, end] = [from, from + segment];
        writeSegment(all.filter(({ tx }) => tx > start && tx <= end));
      }
      noted = noted.filter(({ tx }) => tx > covered);
      since = Math.max(since, covered);
    },
    forget() {
      upTo = -1;
    },
  };
}

/** The changes after a tx, by entity. */
interface Tail {
  readonly from: number;
  upTo: number;
  readonly byEntity: Map<string, CounterChange[]>;
}

const emptyTail = (from: number): Tail => ({ from, upTo: from, byEntity: new Map() });

/** Kept while a store is open, and read on: the log that it is made of never changes. */
const tails = new WeakMap<Environment['log'], Tail>();

function readOn(environment: Environment, reader: Reader, tail: Tail, to: number): Tail {
  if (to <= tail.upTo) return tail;
  for (const change of changesInLog(environment, reader, tail.upTo, to)) {
    const known = tail.byEntity.get(change.entity);
    if (known) known.push(change);
    else tail.byEntity.set(change.entity, [change]);
  }
  tail.upTo = to;
  return tail;
}

/** What the records after `from` up to `to` did to the counters of an entity, in order. */
function readTail(
  environment: Environment,
  reader: Reader,
  entity: string,
  from: number,
  to: number,
): readonly CounterChange[] {
  if (to <= from) return [];
  let tail = tails.get(environment.log);
  // A reader of an older state than the others comes seldom, and gets one of its own.
  if (tail && tail.from > from) tail = readOn(environment, reader, emptyTail(from), to);
  else {
    if (tail?.from !== from) tail = emptyTail(from);
    tails.set(environment.log, readOn(environment, reader, tail, to));
  }
  return (tail.byEntity.get(entity) ?? []).filter(({ tx }) => tx <= to);
}

/** The counters of an entity as they were after `tx`. */
export function readCountersAt(
  environment: Environment,
  reader: Reader,
  routeId: number,
  key: string,
  tx: number,
): Counters {
  const entity = entityPrefix(routeId, key);
  const covered = coveredTx(readHead(environment, reader).tx, environment.segment);
  const points = readRows(environment, reader, entity, entityPrefixEnd(routeId, key), tx);
  const ended = points.get('')?.tx ?? 0;
  const values = new Map<string, number>();
  for (const [path, point] of points) {
    if (point.value !== null && point.tx > ended) values.set(path, point.value);
  }
  for (const { path, value } of readTail(environment, reader, entity, covered, tx)) {
    if (path === '') values.clear();
    else if (value === null) values.delete(path);
    else values.set(path, value);
  }
  return new Map([...values].map(([path, value]) => [fromUtf8(path), value]));
}
