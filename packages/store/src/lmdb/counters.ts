import { entityPrefix, entityPrefixEnd, fromUtf8, u48, utf8 } from './binary-keys.js';
import type { Counters } from '../writing/counter-values.js';
import type { Environment, Reader } from './environment.js';

/** Row of a counter; its value is eight bytes. */
export const counterRow = (routeId: number, key: string, path: string): string =>
  entityPrefix(routeId, key) + utf8(path);
// JSON escapes NUL, so that a path that begins another sorts before it.
/** Row of what a counter was from a tx on; no bytes when it was cleared. */
export const counterHistoryRow = (routeId: number, key: string, path: string, tx: number): string =>
  `${counterRow(routeId, key, path)}\0${u48(tx)}`;

/** The counters of an entity now. */
export function readCounters(
  environment: Environment,
  reader: Reader,
  routeId: number,
  key: string,
): Map<string, number> {
  const prefix = entityPrefix(routeId, key);
  const counters = new Map<string, number>();
  const range = { start: prefix, end: entityPrefixEnd(routeId, key) };
  for (const { key: row, value } of reader.range(environment.counters, range)) {
    counters.set(fromUtf8(row.slice(prefix.length)), value.readDoubleBE(0));
  }
  return counters;
}

/** The counters of an entity as they were after `tx`: from each path the last row up to it, jumping over the others. */
export function readCountersAt(
  environment: Environment,
  reader: Reader,
  routeId: number,
  key: string,
  tx: number,
): Counters {
  const prefix = entityPrefix(routeId, key);
  const counters = new Map<string, number>();
  let end = entityPrefixEnd(routeId, key);
  for (;;) {
    const [last] = reader.keys(environment.counterHistory, { start: prefix, end, reverse: true, limit: 1 });
    if (last === undefined) return counters;
    const rows = last.slice(0, -6);
    const range = { start: rows, end: rows + u48(tx + 1), reverse: true, limit: 1 };
    const [row] = reader.range(environment.counterHistory, range);
    if (row && row.value.length > 0)
      counters.set(fromUtf8(rows.slice(prefix.length, -1)), row.value.readDoubleBE(0));
    end = rows;
  }
}
