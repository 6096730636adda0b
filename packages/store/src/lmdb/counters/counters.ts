import { entityPrefix, entityPrefixEnd, fromUtf8 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';

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
