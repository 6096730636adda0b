import { assertNever } from '@drops/diagnostics';
import { compareStrings, type AggregateFunction, type Json } from '@drops/ir';
import { finiteNumber } from '@drops/planner';
import { cellKind, type Column } from '@drops/store';
import type { Holder } from '../budget.js';
import { accumulatorOf, type Accumulator } from '../operators/aggregate.js';
import type { Row } from '../row.js';
import type { GroupIds, KeyCells } from './group-ids.js';
import type { Selection } from './selection.js';
import { onlyNumbers, type CellReader } from './vector.js';

/** Rows with the group of each. */
export interface Grouped extends GroupIds {
  readonly selection: Selection;
  /** How many rows a group has. */
  readonly counts: Uint32Array;
  /** Counts what the aggregates hold. */
  readonly held: Holder;
}

/** The result of an aggregate for a group. */
export type Results = (group: number) => Json;

/** Sums and how many numbers they are of. */
interface Sums {
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

function sumMixed({ selection, ids, size }: Grouped, { kinds, numbers }: Column): Sums {
  const sums = new Float64Array(size);
  const counts = new Uint32Array(size);
  if (!numbers) return { sums, counts };
  for (let i = 0; i < selection.length; i += 1) {
    const ordinal = selection[i] ?? 0;
    if (kinds[ordinal] !== cellKind.number) continue;
    const id = ids[ordinal] ?? 0;
    sums[id] = (sums[id] ?? 0) + (numbers[ordinal] ?? 0);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return { sums, counts };
}

function sumRead({ selection, ids, size }: Grouped, read: CellReader): Sums {
  const sums = new Float64Array(size);
  const counts = new Uint32Array(size);
  for (const ordinal of selection) {
    const value = read(ordinal);
    if (typeof value !== 'number') continue;
    const id = ids[ordinal] ?? 0;
    sums[id] = (sums[id] ?? 0) + value;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return { sums, counts };
}

/** The sums of an argument by group, added in the order of the selection: of values, or of a column that holds more than numbers. */
export function sumsOf(grouped: Grouped, { column, read }: KeyCells): Sums {
  return column ? sumMixed(grouped, column) : sumRead(grouped, read);
}

/** The least or most number of each group, the first of equal ones. */
function bestNumbers({ selection, ids, size }: Grouped, numbers: Float64Array, most: boolean): Results {
  const best = new Float64Array(size).fill(most ? -Infinity : Infinity);
  for (let i = 0; i < selection.length; i += 1) {
    const ordinal = selection[i] ?? 0;
    const value = numbers[ordinal] ?? 0;
    const id = ids[ordinal] ?? 0;
    const kept = best[id] ?? 0;
    if (most ? value > kept : value < kept) best[id] = value;
  }
  return (group) => {
    const found = best[group] ?? 0;
    return Number.isFinite(found) ? found : null;
  };
}

/** Aggregates of which none looks at the row. */
const noRow: Row = { drop: null, columns: null, right: null, from: null };

function accumulate({ selection, ids, held }: Grouped, fn: AggregateFunction, read: CellReader): Results {
  const accumulators: Accumulator[] = [];
  for (const ordinal of selection) {
    const id = ids[ordinal] ?? 0;
    (accumulators[id] ??= accumulatorOf(fn, held)).add(read(ordinal), noRow);
  }
  return (group) => (accumulators[group] ?? accumulatorOf(fn)).result();
}

/** The value of the first or last row that has one, by created_at and then by the order of the selection. */
function outermost(grouped: Grouped, read: CellReader, createdAt: CellReader, last: boolean): Results {
  const values: (Json | undefined)[] = [];
  const times: string[] = [];
  for (const ordinal of grouped.selection) {
    const value = read(ordinal);
    if (value === null || value === undefined) continue;
    const id = grouped.ids[ordinal] ?? 0;
    const time = String(createdAt(ordinal));
    const kept = times[id];
    const order = kept === undefined || kept === time ? 0 : compareStrings(time, kept);
    if (kept !== undefined && (last ? order < 0 : order >= 0)) continue;
    values[id] = value;
    times[id] = time;
  }
  return (group) => values[group] ?? null;
}

/** What an aggregate is given besides the groups. */
export interface AggregateCells {
  readonly argument: KeyCells;
  readonly sums: () => Sums;
  readonly createdAt: () => CellReader;
}

/** One aggregate of all groups; `count` counts rows. */
export function aggregateGroups(fn: AggregateFunction, grouped: Grouped, cells: AggregateCells): Results {
  const { column, read } = cells.argument;
  const numbers = column && onlyNumbers(column);
  switch (fn) {
    case 'count':
      return (group) => grouped.counts[group] ?? 0;
    case 'sum': {
      const { sums } = cells.sums();
      return (group) => finiteNumber(sums[group] ?? 0);
    }
    case 'avg': {
      const { sums, counts } = cells.sums();
      return (group) => (counts[group] ? finiteNumber((sums[group] ?? 0) / (counts[group] ?? 0)) : null);
    }
    case 'min':
    case 'max':
      return numbers ? bestNumbers(grouped, numbers, fn === 'max') : accumulate(grouped, fn, read);
    case 'first':
    case 'last':
      return outermost(grouped, read, cells.createdAt(), fn === 'last');
    case 'distinct':
      return accumulate(grouped, fn, read);
    default:
      return assertNever(fn);
  }
}
