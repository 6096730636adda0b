import { saltLength } from '../../log/commitment.js';
import { entityRow, eventRow, readU48, u48 } from '../rows/binary-keys.js';
import { counterOfBody } from '../counters/counter-changes.js';
import { createCounterHistory } from '../counters/counter-history.js';
import { readFacts, type RowBody } from '../rows/current-row.js';
import { createDerivation } from '../writing/derive.js';
import type { DerivedRecord } from '../rows/derived-record.js';
import { derivedTables, type Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import type { IndexBuilder } from '../indexes/index-builder.js';
import { noteIndexChange } from '../indexes/index-registry.js';
import { commitmentAt, readHeader, type LogHeader } from '../../log/log-record.js';

/** A body holds one-byte characters only when it has as many characters as bytes. */
function bodyIn(payload: Buffer): RowBody {
  const end = payload.length;
  const ascii = payload.toString('utf8', saltLength, end).length === end - saltLength;
  return { bytes: payload, start: saltLength, end, ascii };
}

/** What the tables hold of the entity or event that a record is about. */
function before(
  environment: Environment,
  reader: Reader,
  header: LogHeader,
): Pick<DerivedRecord, 'replaced' | 'gone'> {
  const { key, target, routeId } = header;
  const row = key === null ? eventRow(routeId, target) : entityRow(routeId, key);
  const bytes = reader.get(environment.current, row);
  if (!bytes)
    return { replaced: undefined, gone: key !== null && reader.get(environment.gone, row) !== undefined };
  const { tx, expiresAt, counters } = readFacts(bytes);
  return { replaced: { tx, expiresAt, marked: counters, payload: undefined }, gone: false };
}

/**
 * Drops everything derived and makes it anew out of the log, in one transaction: nobody sees a half-made state.
 * Indexes come last, out of the rows.
 */
export function rebuildStore(
  environment: Environment,
  reader: Reader,
  indexes: IndexBuilder,
): { readonly records: number } {
  let records = 0;
  environment.write(() => {
    for (const table of derivedTables(environment)) table.clearSync();
    environment.derived.clearSync();
    noteIndexChange(environment, reader);
    const counterHistory = createCounterHistory(environment, reader);
    const derivation = createDerivation(environment, reader, () => () => [], counterHistory);
    derivation.begin(0);
    let head = 0;
    for (const { key: row, value } of reader.range(environment.log, { start: '', end: '\xff' })) {
      const tx = readU48(row, 0);
      const header = readHeader(value);
      const stored = reader.get(environment.payloads, u48(tx));
      // The bytes of a read are only good until the next one.
      const payload = stored && Buffer.from(stored);
      const body = payload && header.kind === 'put' ? bodyIn(payload) : undefined;
      const counter = payload && header.kind === 'counter' ? counterOfBody(payload) : undefined;
      const commitment = value.subarray(commitmentAt, commitmentAt + 32);
      const found = before(environment, reader, header);
      derivation.apply({ tx, header, commitment, body, payload: undefined, counter, ...found });
      records += 1;
      head = tx;
      if (tx % environment.segment === 0) counterHistory.end(tx);
    }
    derivation.flush(head);
    while (indexes.isPending()) indexes.step();
  });
  return { records };
}
