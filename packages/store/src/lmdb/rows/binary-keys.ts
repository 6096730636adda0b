/**
 * Keys as binary strings: one character a byte, so that the order of the strings is LMDB's order of bytes
 * and keys are put together by concatenation. Numbers are big-endian; text is UTF-8, whose order is that of code points.
 */

import { fromUtf8, readU48, u32, u48, utf8 } from '../../log/bytes.js';

export { fromUtf8, readU32, readU48, u32, u48, utf8 } from '../../log/bytes.js';

/** The order of LMDB. */
export function compareBytes(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

// What follows the route id: entities before events.
const entityTag = '\x01';
const eventTag = '\x02';
const endTag = '\x03';
// NUL is escaped, so that a key that begins another sorts before it whatever follows.
const escapedNul = '\0\xff';
const terminator = '\0\x01';
const afterTerminator = '\0\x02';
/** Where the part after route id and tag begins. */
const bodyAt = 5;

let lastRoute = -1;
let lastKey = '';
let lastRow = '';

/** Row of an entity in `current` and `gone`. The last one is remembered: all who write a record ask for its row. */
export function entityRow(routeId: number, key: string): string {
  if (routeId === lastRoute && key === lastKey) return lastRow;
  lastRow = u32(routeId) + entityTag + utf8(key);
  lastRoute = routeId;
  lastKey = key;
  return lastRow;
}
/** Row of an event in `current` and `history`. */
export const eventRow = (routeId: number, tx: number): string => u32(routeId) + eventTag + u48(tx);
/** All rows of a route's entities: [start, end). */
export const entityRange = (routeId: number): readonly [string, string] => [
  u32(routeId) + entityTag,
  u32(routeId) + eventTag,
];
/** All rows of a route's events: [start, end). */
export const eventRange = (routeId: number): readonly [string, string] => [
  u32(routeId) + eventTag,
  u32(routeId) + endTag,
];

/** True for the row of an event, false for that of an entity. */
export const isEventRow = (row: string): boolean => row.charCodeAt(bodyAt - 1) === 2;
/** The key in an entity's row of `current`. */
export const keyOfRow = (row: string): string => fromUtf8(row.slice(bodyAt));
/** The tx in an event's row. */
export const txOfEventRow = (row: string): number => readU48(row, bodyAt);

/** The row of an entity with its key escaped, so that something may follow. */
function escapedRow(routeId: number, key: string): string {
  const row = entityRow(routeId, key);
  return key.includes('\0') ? row.slice(0, bodyAt) + row.slice(bodyAt).replaceAll('\0', escapedNul) : row;
}

/** What all rows of one entity in `history` and `counters` begin with. */
export const entityPrefix = (routeId: number, key: string): string => escapedRow(routeId, key) + terminator;
/** The end of what `entityPrefix` begins. */
export const entityPrefixEnd = (routeId: number, key: string): string =>
  escapedRow(routeId, key) + afterTerminator;
/** Row of one version in `history`. */
export const versionRow = (routeId: number, key: string, tx: number): string =>
  entityPrefix(routeId, key) + u48(tx);
/** What a row of `history` begins with: its entity. */
export const prefixOfVersionRow = (row: string): string => row.slice(0, -6);
/** The tx at the end of a row. */
export const txOfRow = (row: string): number => readU48(row, row.length - 6);
/** The key in an entity's row of `history`. */
export const keyOfVersionRow = (row: string): string =>
  fromUtf8(row.slice(bodyAt, -8).replaceAll(escapedNul, '\0'));
