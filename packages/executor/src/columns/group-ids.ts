import { cellKind, type Column } from '@drops/store';
import { isScalar, type Json } from '@drops/ir';
import { canonicalText } from '../operators/canonical-text.js';
import type { Selection } from './selection.js';
import { onlyCodes, onlyNumbers, type CellReader } from './vector.js';

/** The group of each row: a number below `size`, by ordinal. Not every number need be of a group. */
export interface GroupIds {
  readonly ids: Uint32Array;
  readonly size: number;
}

/** A key that rows are grouped by: a column, or only its values. */
export interface KeyCells {
  readonly column: Column | undefined;
  readonly read: CellReader;
}

/** So many groups are told apart by place in an array, more by a table. */
const maxPlaces = 1 << 20;

/** All rows in one group. */
export function oneGroup(size: number): GroupIds {
  return { ids: new Uint32Array(size), size: 1 };
}

function idsByValue(read: CellReader, selection: Selection, size: number): GroupIds {
  const ids = new Uint32Array(size);
  const scalars = new Map<Json, number>();
  const others = new Map<string, number>();
  let next = 0;
  const idIn = <K>(table: Map<K, number>, key: K): number => {
    let id = table.get(key);
    if (id === undefined) {
      id = next;
      next += 1;
      table.set(key, id);
    }
    return id;
  };
  for (const ordinal of selection) {
    const value = read(ordinal) ?? null;
    ids[ordinal] = isScalar(value) ? idIn(scalars, value) : idIn(others, canonicalText(value));
  }
  return { ids, size: next };
}

/** Whole numbers that lie close together are their own places. */
function idsOfRange(numbers: Float64Array, selection: Selection, size: number): GroupIds | undefined {
  if (selection.length === 0) return undefined;
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < selection.length; i += 1) {
    const value = numbers[selection[i] ?? 0] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const places = most - least + 1;
  if (!(places <= Math.max(1024, selection.length))) return undefined;
  const ids = new Uint32Array(size);
  for (let i = 0; i < selection.length; i += 1) {
    const ordinal = selection[i] ?? 0;
    ids[ordinal] = (numbers[ordinal] ?? 0) - least;
  }
  return { ids, size: places };
}

/** Texts by their code, the constants before them; undefined when there are other cells too. */
function idsOfCodes(
  { kinds, codes, dictionary, uniform }: Column,
  selection: Selection,
): GroupIds | undefined {
  if (codes && uniform === cellKind.text) return { ids: codes, size: dictionary.length };
  const ids = new Uint32Array(kinds.length);
  for (let i = 0; i < selection.length; i += 1) {
    const ordinal = selection[i] ?? 0;
    const kind = kinds[ordinal];
    if (kind === cellKind.text) ids[ordinal] = 3 + (codes?.[ordinal] ?? 0);
    else if (kind === cellKind.false) ids[ordinal] = 1;
    else if (kind === cellKind.true) ids[ordinal] = 2;
    else if (kind === cellKind.number || kind === cellKind.other) return undefined;
  }
  return { ids, size: 3 + dictionary.length };
}

function idsOfKey({ column, read }: KeyCells, selection: Selection, size: number): GroupIds {
  const numbers = column && onlyNumbers(column);
  if (column?.whole && numbers) {
    const close = idsOfRange(numbers, selection, size);
    if (close) return close;
  }
  const coded =
    column && (onlyCodes(column) || column.uniform === undefined) && idsOfCodes(column, selection);
  return coded || idsByValue(read, selection, size);
}

/** The groups of two keys together. */
function pairIds(a: GroupIds, b: GroupIds, selection: Selection): GroupIds {
  const ids = new Uint32Array(a.ids.length);
  const places = a.size * b.size;
  if (places <= maxPlaces) {
    for (let i = 0; i < selection.length; i += 1) {
      const ordinal = selection[i] ?? 0;
      ids[ordinal] = (a.ids[ordinal] ?? 0) * b.size + (b.ids[ordinal] ?? 0);
    }
    return { ids, size: places };
  }
  const known = new Map<number, number>();
  for (const ordinal of selection) {
    const pair = (a.ids[ordinal] ?? 0) * b.size + (b.ids[ordinal] ?? 0);
    let id = known.get(pair);
    if (id === undefined) {
      id = known.size;
      known.set(pair, id);
    }
    ids[ordinal] = id;
  }
  return { ids, size: known.size };
}

/** The groups of some keys; null and missing are one value. */
export function groupIds(keys: readonly KeyCells[], selection: Selection, size: number): GroupIds {
  const [first, ...rest] = keys.map((key) => idsOfKey(key, selection, size));
  if (!first) return oneGroup(size);
  return rest.reduce((all, ids) => pairIds(all, ids, selection), first);
}
