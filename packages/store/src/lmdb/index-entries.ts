import { payloadValue, type Json } from '@drops/ir';
import { entityRow, eventRow, isEventRow, keyOfRow, readU32 } from './binary-keys.js';
import { readCounters, withCounters } from './counters.js';
import { readRow } from './current-row.js';
import { readPayload } from './entity-state.js';
import type { Environment, Reader } from './environment.js';
import { entryKey } from './index-keys.js';
import type { RegisteredIndex } from './index-registry.js';
import type { LogHeader } from './log-record.js';

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

/** The entries that some indexes have for a row as it is now: one each, none when there is no row. */
export function entriesOf(
  environment: Environment,
  reader: Reader,
  indexes: readonly RegisteredIndex[],
  row: string,
): readonly string[] {
  const bytes = reader.get(environment.current, row);
  if (!bytes) return [];
  const payload = shownPayload(environment, reader, row, bytes);
  return indexes.map(({ id, fields }) =>
    entryKey(
      id,
      fields.map((path) => payloadValue(payload, path)),
      row,
    ),
  );
}

/** Replaces the entries of a row; those that stay the same are not touched. */
export function replaceEntries(
  environment: Environment,
  before: readonly string[],
  after: readonly string[],
): void {
  const { indexes } = environment;
  for (const [i, key] of before.entries()) if (key !== after[i]) indexes.removeSync(key);
  for (const [i, key] of after.entries()) if (key !== before[i]) indexes.putSync(key, empty);
}
