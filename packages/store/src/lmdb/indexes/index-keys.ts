import { isArray, rangeRank, typeRank, type IndexCondition, type IndexScanPath, type Json } from '@drops/ir';
import { compareBytes, fromUtf8, u48, utf8 } from '../rows/binary-keys.js';

/**
 * Values as binary strings whose order is that of `compareValues`, save that null and missing come last.
 * A value ends by itself, so that several stand behind each other in one key, and none begins with 0xff.
 */
const tags = {
  false: '\x10',
  true: '\x11',
  number: '\x20',
  string: '\x30',
  array: '\x40',
  object: '\x50',
  null: '\xf0',
} as const;
/** By the rank of `typeRank`: where the values of a type begin, and where they end. */
const classes: readonly (readonly [string, string])[] = [
  ['\xf0', '\xf1'],
  ['\x10', '\x12'],
  ['\x20', '\x21'],
  ['\x30', '\x31'],
  ['\x40', '\x41'],
  ['\x50', '\x51'],
];
const terminator = '\0\x01';
const escapedNul = '\0\xff';
/** Ends a string that was cut. Above every byte of UTF-8: the rest of the string is above what else may follow. */
const cutMark = '\xff';

const scratch = Buffer.alloc(8);

function encodeNumber(value: number): string {
  scratch.writeDoubleBE(value === 0 ? 0 : value, 0);
  if ((scratch[0] ?? 0) & 0x80) for (let i = 0; i < 8; i += 1) scratch[i] = ~(scratch[i] ?? 0);
  else scratch[0] = (scratch[0] ?? 0) | 0x80;
  return scratch.toString('latin1', 0, 8);
}

/** Bytes of a string that its key holds: fewer beside other fields, since a key of LMDB has at most 1,978 bytes. */
export function stringLimit(fields: number): number {
  return Math.min(256, Math.floor((900 / fields - 3) / 2));
}

/** At most `limit` bytes of some UTF-8, ending with a whole code point. */
function cutAt(bytes: string, limit: number): string {
  let end = limit;
  while (end > 0 && (bytes.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
  return bytes.slice(0, end);
}

const escape = (bytes: string): string => (bytes.includes('\0') ? bytes.replaceAll('\0', escapedNul) : bytes);

function encodeString(text: string, limit: number): string {
  const bytes = utf8(text);
  return bytes.length > limit
    ? tags.string + escape(cutAt(bytes, limit)) + cutMark
    : tags.string + escape(bytes) + terminator;
}

/** A value in a key whose strings have at most `limit` bytes. */
export function encodeValue(value: Json | undefined, limit: number): string {
  if (value === null || value === undefined) return tags.null;
  if (typeof value === 'number') return tags.number + encodeNumber(value);
  if (typeof value === 'string') return encodeString(value, limit);
  if (typeof value === 'boolean') return value ? tags.true : tags.false;
  return isArray(value) ? tags.array : tags.object;
}

/** Whether other values have the same code. */
function isShared(code: string): boolean {
  return code.endsWith(cutMark) ? code.startsWith(tags.string) : code === tags.array || code === tags.object;
}

/** Where the value that begins at `at` ends. */
export function endOfValue(key: string, at: number): number {
  const tag = key.charAt(at);
  if (tag === tags.number) return at + 9;
  if (tag !== tags.string) return at + 1;
  for (let i = at + 1; ; i += 1) {
    const byte = key.charCodeAt(i);
    if (byte === 0xff) return i + 1;
    if (byte !== 0) continue;
    i += 1;
    if (key.charCodeAt(i) === 1) return i + 1;
  }
}

const idLength = 6;

/** What all keys of an index begin with. */
export const indexPrefix = (id: number): string => u48(id);
/** The end of what `indexPrefix` begins. */
export const indexEnd = (id: number): string => u48(id + 1);

/** The key of an entry: index, values, row in `current`. */
export function entryKey(id: number, values: readonly (Json | undefined)[], row: string): string {
  const limit = stringLimit(values.length);
  let key = u48(id);
  for (const value of values) key += encodeValue(value, limit);
  return key + row;
}

function decodeNumber(code: string): number {
  scratch.write(code, 0, 'latin1');
  if ((scratch[0] ?? 0) & 0x80) scratch[0] = (scratch[0] ?? 0) & 0x7f;
  else for (let i = 0; i < 8; i += 1) scratch[i] = ~(scratch[i] ?? 0);
  return scratch.readDoubleBE(0);
}

/** The value of a code that stands for one value only. */
function decodeValue(code: string): Json {
  switch (code.charAt(0)) {
    case tags.false:
      return false;
    case tags.true:
      return true;
    case tags.number:
      return decodeNumber(code.slice(1));
    case tags.string:
      return fromUtf8(code.slice(1, -2).replaceAll(escapedNul, '\0'));
    default:
      return null;
  }
}

/** The values from `from` to `fields` of an entry's key, which must not be shared ones. */
export function valuesOfKey(key: string, from: number, fields: number): readonly Json[] {
  const values: Json[] = [];
  let at = endOfValues(key, from);
  for (let i = from; i < fields; i += 1) {
    const end = endOfValue(key, at);
    values.push(decodeValue(key.slice(at, end)));
    at = end;
  }
  return values;
}

/** Whether the entries of a scan are those of its rows and no others: no value of it shares its code. */
export function isExact({ fields, equal, next }: Pick<IndexScanPath, 'fields' | 'equal' | 'next'>): boolean {
  const limit = stringLimit(fields.length);
  const single = (value: Json): boolean => !isShared(encodeValue(value, limit));
  if (!equal.every(single)) return false;
  switch (next?.kind) {
    case undefined:
      return true;
    case 'in':
      return next.values.every(single);
    case 'prefix':
      return single(next.text);
    case 'range':
      return [next.lower, next.upper].every((bound) => !bound || single(bound.value));
  }
}

/** Where the first `fields` values of an entry's key end. */
export function endOfValues(key: string, fields: number): number {
  let at = idLength;
  for (let i = 0; i < fields; i += 1) at = endOfValue(key, at);
  return at;
}

/** Values of a key whose entries leave together: their end, and whether the last one stands for several values. */
export interface GroupEnd {
  readonly end: number;
  readonly shared: boolean;
}

/** The values from `from` to `fields` of a key, or fewer: behind one that stands for several the order is not that of the keys. */
export function endOfGroup(key: string, from: number, fields: number): GroupEnd {
  let at = endOfValues(key, from);
  for (let i = from; i < fields; i += 1) {
    const end = endOfValue(key, at);
    if (isShared(key.slice(at, end))) return { end, shared: true };
    at = end;
  }
  return { end: at, shared: false };
}

/** A range of keys: [start, end). */
export type KeyRange = readonly [start: string, end: string];

/** Above all that may follow a value: tags, and route ids. */
export const afterAll = '\xff';
/** Above all that may follow a part of a string, the mark of a cut included. */
const afterString = '\xff\xff';

function conditionRanges(prefix: string, condition: IndexCondition, limit: number): readonly KeyRange[] {
  switch (condition.kind) {
    case 'in': {
      const codes = new Set(condition.values.map((value) => encodeValue(value, limit)));
      return [...codes].sort(compareBytes).map((code): KeyRange => [prefix + code, prefix + code + afterAll]);
    }
    case 'prefix': {
      const bytes = utf8(condition.text);
      const start = prefix + tags.string + escape(bytes.length > limit ? cutAt(bytes, limit) : bytes);
      return [[start, start + afterString]];
    }
    case 'range': {
      const rank = rangeRank(condition);
      const [first, end] = classes[rank ?? 0] ?? ['', ''];
      if (rank === undefined || rank === typeRank(null)) return [];
      const { lower, upper } = condition;
      const low = lower && encodeValue(lower.value, limit);
      const high = upper && encodeValue(upper.value, limit);
      const start = low === undefined ? first : lower?.inclusive || isShared(low) ? low : low + afterAll;
      const stop = high === undefined ? end : upper?.inclusive || isShared(high) ? high + afterAll : high;
      return start < stop ? [[prefix + start, prefix + stop]] : [];
    }
  }
}

/** What the keys of an index scan begin with: the index and its equal values. */
function prefixOf({ index, fields, equal }: Pick<IndexScanPath, 'index' | 'fields' | 'equal'>): string {
  const limit = stringLimit(fields.length);
  let prefix = u48(index);
  for (const value of equal) prefix += encodeValue(value, limit);
  return prefix;
}

/** The keys of an index scan, in ascending order; what comes in them is what is asked for, and perhaps a little more. */
export function scanRanges(
  path: Pick<IndexScanPath, 'index' | 'fields' | 'equal' | 'next'>,
): readonly KeyRange[] {
  const prefix = prefixOf(path);
  if (!path.next) return [[prefix, prefix + afterAll]];
  return conditionRanges(prefix, path.next, stringLimit(path.fields.length));
}

/** The keys behind the equal values of a scan whose next value is null: the last of them. */
export function nullRange(path: Pick<IndexScanPath, 'index' | 'fields' | 'equal'>): KeyRange {
  const start = prefixOf(path) + tags.null;
  return [start, start + afterAll];
}
