import { payloadValue, type Json } from '@drops/ir';
import { readPayload } from '../writing/state-reader.js';
import { withCounters } from '../../writing/counter-values.js';
import { compareBytes, entityRow, eventRow, isEventRow, keyOfRow, readU32 } from '../rows/binary-keys.js';
import { readCounters } from '../counters/counters.js';
import { readRow } from '../rows/current-row.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { entryKey } from './index-keys.js';
import type { RegisteredIndex } from './index-registry.js';
import type { LogHeader } from '../../log/log-record.js';

const empty = Buffer.alloc(0);

/** The row of `current` that a record changes. */
export function rowOfRecord({ kind, key, routeId, target }: LogHeader, tx: number): string {
  if (key !== null) return entityRow(routeId, key);
  return eventRow(routeId, kind === 'put' ? tx : target);
}

/** The payload in a row of `current` as queries see it. */
function shownPayload(environment: Environment, reader: Reader, row: string, bytes: Buffer): Json {
  const { payload, tx, counters } = readRow(bytes);
  const written = payload === undefined ? readPayload(environment, reader, tx) : payload;
  if (!counters || isEventRow(row)) return written;
  return withCounters(written, readCounters(environment, reader, readU32(row, 0), keyOfRow(row)));
}

/** The payload of a row of `current` as queries see it; undefined when there is no such row. */
export function payloadOfRow(environment: Environment, reader: Reader, row: string): Json | undefined {
  const bytes = reader.get(environment.current, row);
  return bytes && shownPayload(environment, reader, row, bytes);
}

/** The entries that some indexes have for a row with this payload: one each. */
export function entriesOfPayload(
  indexes: readonly RegisteredIndex[],
  row: string,
  payload: Json,
): readonly string[] {
  const entries: string[] = [];
  for (const { id, fields } of indexes) {
    const values: (Json | undefined)[] = [];
    for (const path of fields) values.push(payloadValue(payload, path));
    entries.push(entryKey(id, values, row));
  }
  return entries;
}

/** The entries that some indexes have for a row as it is in the tables: none when there is no row. */
export function entriesOf(
  environment: Environment,
  reader: Reader,
  indexes: readonly RegisteredIndex[],
  row: string,
): readonly string[] {
  const payload = payloadOfRow(environment, reader, row);
  return payload === undefined ? [] : entriesOfPayload(indexes, row, payload);
}

/** Changes of entries, gathered and then written in the order of their keys: neighbours share their pages. */
export interface EntryChanges {
  /** Replaces the entries of a row; those that stay the same are not touched. */
  replace(before: readonly string[], after: readonly string[]): void;
  /** Writes what was gathered. */
  flush(): void;
}

/** Gathers changes for the indexes of an environment. */
export function gatherEntries({ indexes }: Environment): EntryChanges {
  // A key may go and come back, or come and go: the last change counts. Without removals all that comes stays.
  let added: string[] = [];
  let removed = new Map<string, boolean>();

  const replaceOne = (before: string | undefined, after: string | undefined): void => {
    if (before === after) return;
    if (before !== undefined) removed.set(before, true);
    if (after === undefined) return;
    added.push(after);
    if (removed.has(after)) removed.set(after, false);
  };
  return {
    replace(before, after) {
      for (let i = 0; i < Math.max(before.length, after.length); i += 1) replaceOne(before[i], after[i]);
    },
    flush() {
      const there = removed.size === 0 ? added : added.filter((key) => removed.get(key) !== true);
      const gone = [...removed.keys()].filter((key) => removed.get(key) === true);
      for (const key of gone.sort(compareBytes)) indexes.removeSync(key);
      for (const key of there.sort(compareBytes)) indexes.putSync(key, empty);
      added = [];
      removed = new Map();
    },
  };
}
