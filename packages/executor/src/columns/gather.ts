import { accessKey } from '@drops/ir';
import { cellKind, type Column, type RouteColumns } from '@drops/store';
import type { Mask } from './masks.js';
import { vectorOf, type Vector } from './vector.js';

/** No row of the other side. */
const none = -1;

/** By the dictionary of the left column and the keys of the right route: code → ordinal of the entity of that key. */
const known = new WeakMap<readonly string[], WeakMap<object, Int32Array>>();

/** Where the entities are whose keys the texts of a dictionary are; looked up once while neither changes. */
function placesOf(dictionary: readonly string[], right: RouteColumns): Int32Array {
  const kept = known.get(dictionary) ?? new WeakMap<object, Int32Array>();
  const before = right.keys && kept.get(right.keys);
  if (before?.length === dictionary.length) return before;
  const places = new Int32Array(dictionary.length);
  if (before) places.set(before);
  for (let code = before?.length ?? 0; code < places.length; code += 1) {
    const key = dictionary[code] ?? '';
    places[code] = key === accessKey ? none : (right.ordinalOf(key) ?? none);
  }
  if (right.keys) {
    kept.set(right.keys, places);
    known.set(dictionary, kept);
  }
  return places;
}

/** For each row of the left side the ordinal of its match, or −1. */
export interface Matches {
  readonly of: Int32Array;
  /** All have one. */
  readonly complete: boolean;
}

/** Joins by key: the entity of the right side, if its mask keeps it, whose key is the text of a left cell. */
export function matchKeys(
  { column }: Vector,
  size: number,
  right: RouteColumns,
  mask: Mask | undefined,
): Matches {
  const of = new Int32Array(size);
  const { codes, kinds, uniform } = column;
  if (!codes) return { of: of.fill(none), complete: size === 0 };
  const places = placesOf(column.dictionary, right);
  let least = 0;
  if (uniform === cellKind.text) {
    for (let i = 0; i < size; i += 1) {
      const place = places[codes[i] ?? 0] ?? none;
      of[i] = place;
      least = Math.min(least, place);
    }
  } else {
    for (let i = 0; i < size; i += 1) {
      const place = kinds[i] === cellKind.text ? (places[codes[i] ?? 0] ?? none) : none;
      of[i] = place;
      least = Math.min(least, place);
    }
  }
  if (mask) {
    for (let i = 0; i < size; i += 1) {
      const place = of[i] ?? none;
      if (place < 0 || mask[place] === 1) continue;
      of[i] = none;
      least = none;
    }
  }
  return { of, complete: least >= 0 };
}

/** A column of the right side laid beside the rows of the left one. */
export function gather({ column, read }: Vector, matches: Matches): Vector {
  const { of, complete } = matches;
  const size = of.length;
  const uniform = complete || column.uniform === cellKind.missing ? column.uniform : undefined;
  const kinds = new Uint8Array(size);
  if (uniform !== undefined) kinds.fill(uniform);
  else gatherKinds(kinds, column.kinds, of);
  const numbers = column.numbers && new Float64Array(size);
  if (numbers && column.numbers) gatherNumbers(numbers, column.numbers, of);
  const codes = column.codes && new Uint32Array(size);
  if (codes && column.codes) gatherCodes(codes, column.codes, of);
  // A row that is joined often is added often: their sum need not be exact.
  const gathered: Column = { kinds, uniform, numbers, whole: false, codes, dictionary: column.dictionary };
  return vectorOf(gathered, (i) => read(of[i] ?? 0));
}

// A loop for each kind of array: one for all would have to look which it is at every row.
function gatherKinds(target: Uint8Array, source: Uint8Array, of: Int32Array): void {
  for (let i = 0; i < of.length; i += 1) {
    const place = of[i] ?? none;
    if (place >= 0) target[i] = source[place] ?? 0;
  }
}

function gatherNumbers(target: Float64Array, source: Float64Array, of: Int32Array): void {
  for (let i = 0; i < of.length; i += 1) {
    const place = of[i] ?? none;
    if (place >= 0) target[i] = source[place] ?? 0;
  }
}

function gatherCodes(target: Uint32Array, source: Uint32Array, of: Int32Array): void {
  for (let i = 0; i < of.length; i += 1) {
    const place = of[i] ?? none;
    if (place >= 0) target[i] = source[place] ?? 0;
  }
}

/** The cells of one column, and where it has none those of the other. */
export function firstOf(left: Vector, right: Vector, size: number): Vector {
  const a = left.column;
  const b = right.column;
  if (a.uniform === cellKind.missing) return right;
  if (a.uniform !== undefined) return left;
  const kinds = new Uint8Array(size);
  const numbers = a.numbers || b.numbers ? new Float64Array(size) : undefined;
  const codes = a.codes || b.codes ? new Uint32Array(size) : undefined;
  const { dictionary, codeOf } = mergedDictionary(a.dictionary, b.dictionary);
  for (let i = 0; i < size; i += 1) {
    const own = a.kinds[i] !== cellKind.missing;
    const from = own ? a : b;
    kinds[i] = from.kinds[i] ?? 0;
    if (numbers) numbers[i] = from.numbers?.[i] ?? 0;
    if (codes && kinds[i] === cellKind.text) {
      const code = from.codes?.[i] ?? 0;
      codes[i] = own ? code : codeOf(code);
    }
  }
  const merged: Column = { kinds, uniform: undefined, numbers, whole: false, codes, dictionary };
  return vectorOf(merged, (i) => (a.kinds[i] === cellKind.missing ? right.read(i) : left.read(i)));
}

function mergedDictionary(left: readonly string[], right: readonly string[]) {
  const places = new Map(left.map((text, code) => [text, code]));
  const dictionary = [...left];
  const codes = right.map((text) => {
    const known = places.get(text);
    if (known !== undefined) return known;
    dictionary.push(text);
    return dictionary.length - 1;
  });
  return { dictionary, codeOf: (code: number) => codes[code] ?? 0 };
}
