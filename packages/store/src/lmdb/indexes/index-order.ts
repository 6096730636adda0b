import {
  compareForSort,
  equalValues,
  fulfils,
  payloadValue,
  type IndexPath,
  type IndexScanPath,
  type Json,
  type StoredDrop,
} from '@drops/ir';
import { compareBytes, entityRow, eventRow } from '../rows/binary-keys.js';
import { nullRange, scanRanges, type KeyRange } from './index-keys.js';
import type { Route } from '../rows/routes.js';

/** Whether a drop is what an index scan asks for, judged without the index. */
function matchesScan(path: IndexScanPath, { payload, key }: StoredDrop): boolean {
  if (path.rows === 'entities' && key === null) return false;
  const value = (i: number): Json | undefined => payloadValue(payload, path.fields[i] ?? []);
  return (
    path.equal.every((wanted, i) => equalValues(value(i), wanted)) &&
    (!path.next || fulfils(value(path.equal.length), path.next))
  );
}

/** The index scans that a path is made of. */
export function scansOf(path: IndexPath): readonly IndexScanPath[] {
  return path.kind === 'IndexScan' ? [path] : path.scans;
}

/** Whether a drop is what a path through indexes asks for, judged without them. */
export function matchesPath(path: IndexPath, drop: StoredDrop): boolean {
  switch (path.kind) {
    case 'IndexScan':
      return matchesScan(path, drop);
    case 'IndexIntersection':
      return path.scans.every((scan) => matchesScan(scan, drop));
    case 'IndexUnion':
      return path.scans.some((scan) => matchesScan(scan, drop));
  }
}

/** Where a row stands in the order of a scan. */
export interface Place {
  readonly values: readonly (Json | undefined)[];
  /** 0 where rows with equal values are in the order of the route. */
  readonly time: number;
  /** Its row in `current`: by key, then events by tx. */
  readonly row: string;
}

/** The place of a drop. */
export function placeOf(path: IndexPath, route: Route, drop: StoredDrop): Place {
  const row = drop.key === null ? eventRow(route.id, drop.tx) : entityRow(route.id, drop.key);
  if (path.kind !== 'IndexScan' || path.order.kind === 'natural') return { values: [], time: 0, row };
  const { order, equal, fields } = path;
  const sorted = fields.slice(equal.length, equal.length + order.fields);
  const values = sorted.map((field) => payloadValue(drop.payload, field));
  return { values, time: order.kind === 'groups' ? 0 : Date.parse(drop.created_at), row };
}

/** The order of a scan as a function of places. */
export function placeComparer(path: IndexPath): (a: Place, b: Place) => number {
  const order = path.kind === 'IndexScan' ? path.order : { kind: 'natural' as const };
  const descending = order.kind === 'values' && order.descending;
  return (a, b) => {
    for (const [i, value] of a.values.entries()) {
      const compared = compareForSort(value, b.values[i], descending);
      if (compared !== 0) return compared;
    }
    return a.time - b.time || compareBytes(a.row, b.row);
  };
}

/** A range of keys and the direction in which it is read. */
export interface DirectedRange {
  readonly start: string;
  readonly end: string;
  readonly reverse: boolean;
}

const forward = ([start, end]: KeyRange): DirectedRange => ({ start, end, reverse: false });

/** The ranges of a scan in the order of its values: descending from the last value to the first, null last all the same. */
export function orderedRanges(path: IndexScanPath): readonly DirectedRange[] {
  const ranges = scanRanges(path);
  if (path.order.kind !== 'values' || !path.order.descending) return ranges.map(forward);
  const nulls = nullRange(path);
  const [firstNull] = nulls;
  const backward: DirectedRange[] = [];
  let withNull = false;
  for (const [start, end] of ranges) {
    if (start < firstNull) backward.unshift({ start, end: end > firstNull ? firstNull : end, reverse: true });
    if (end > firstNull) withNull = true;
  }
  if (withNull) backward.push(forward(nulls));
  return backward;
}
