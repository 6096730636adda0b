import { isArray, isObject, type Json, type JsonObject } from './json.js';

/** Order of strings by code point. UTF-16 order differs from it only where surrogates meet the block above them. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates sort above the rest of the BMP by code point, below U+E000… by code unit.
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    if (xs !== ys) return xs ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** null < boolean < number < string < array < object. Missing counts as null. */
export function typeRank(value: Json | undefined): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  return isArray(value) ? 4 : 5;
}

function sortedNames(value: JsonObject): string[] {
  return Object.keys(value).sort(compareStrings);
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const left = sortedNames(a);
  const right = sortedNames(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    const order = compareStrings(x, y) || compareValues(a[x], b[y]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/**
 * The one total order of values: by type, then by content; strings by code point, arrays by element,
 * objects by sorted (name, value) pairs. Null and missing are equal and lowest.
 * Sorting rows puts them last in both directions: see `compareForSort`.
 */
export function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  const rank = typeRank(a) - typeRank(b);
  if (rank !== 0) return rank;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (isArray(a) && isArray(b)) return compareArrays(a, b);
  if (isObject(a) && isObject(b)) return compareObjects(a, b);
  return 0;
}

/** Order of two sort values: null and missing last whichever the direction. */
export function compareForSort(a: Json | undefined, b: Json | undefined, descending: boolean): number {
  const aNull = a === null || a === undefined;
  const bNull = b === null || b === undefined;
  if (aNull || bNull) return aNull && bNull ? 0 : aNull ? 1 : -1;
  const order = compareValues(a, b);
  return descending ? -order : order;
}

/** Equality as `=` means it: same type and same content; null equals null, missing equals null. */
export function equalValues(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || compareValues(a, b) === 0;
}
