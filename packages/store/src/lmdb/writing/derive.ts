import { assertNever } from '@drops/diagnostics';
import {
  entityPrefix,
  entityPrefixEnd,
  entityRow,
  eventRow,
  u32,
  u48,
  utf8,
  versionRow,
} from '../rows/binary-keys.js';
import { changeOf } from '../counters/counter-changes.js';
import type { CounterHistory } from '../counters/counter-history.js';
import { rowLimit, withCounterFlag, writeRow, type RowBody } from '../rows/current-row.js';
import type { Replaced } from '../../writing/draft.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import type { DerivedRecord } from '../rows/derived-record.js';
import { writeHistory } from '../rows/history-row.js';
import { entriesOf, entriesOfPayload, gatherEntries, rowOfRecord } from '../indexes/index-entries.js';
import type { RegisteredIndex } from '../indexes/index-registry.js';
import type { LogHeader } from '../../log/log-record.js';
import { addStatistics } from '../statistics/statistics.js';
import { deriveFacets } from '../facets/derive-facets.js';
import { deriveVectors } from '../vectors/derive-vectors.js';

/** Keeps the derived tables in step with the log: the same records give the same bytes, in a commit and in a rebuild. */
export interface Derivation {
  /** A write transaction began, after this tx. */
  begin(head: number): void;
  apply(record: DerivedRecord): void;
  /** Writes what was summed up, to this tx; call it before the transaction ends. */
  flush(head: number): void;
}

const goneCodes = { delete: 1, expire: 2 } as const;

/** True for a row of `gone` left by a removal, false for one left by an expiry. */
export const isRemoved = (row: Buffer): boolean => row[0] === goneCodes.delete;

/** Asked once a transaction: the indexes that a write to a route has to keep. */
export type KeptIndexes = () => (routeId: number) => readonly RegisteredIndex[];

/** The derivation of write transactions, one after the other. */
export function createDerivation(
  environment: Environment,
  reader: Reader,
  keptIndexes: KeptIndexes,
  counterHistory: CounterHistory,
): Derivation {
  const { current, gone, history, counters, expiries } = environment;
  const vectors = deriveVectors(environment, reader);
  const facets = deriveFacets(environment, reader);
  const scratch = Buffer.allocUnsafeSlow(rowLimit);
  const value = Buffer.allocUnsafeSlow(8);
  const sums = new Map<number, { entities: number; events: number }>();

  const count = (routeId: number, entities: number, events: number): void => {
    const sum = sums.get(routeId);
    if (!sum) sums.set(routeId, { entities, events });
    else {
      sum.entities += entities;
      sum.events += events;
    }
  };

  const writeCurrent = (row: string, record: DerivedRecord, body: RowBody, marked: boolean): void => {
    const end = writeRow(scratch, record.tx, record.header, record.commitment, marked, body);
    current.putSync(row, scratch.subarray(0, end));
    const { expiresAt } = record.header;
    if (expiresAt !== 0) expiries.putSync(u48(expiresAt) + u48(record.tx), Buffer.from(row, 'latin1'));
  };

  const forgetExpiry = (replaced: Replaced | undefined): void => {
    if (replaced && replaced.expiresAt !== 0) expiries.removeSync(u48(replaced.expiresAt) + u48(replaced.tx));
  };

  const putEntity = (record: DerivedRecord, key: string, body: RowBody): void => {
    const { header, replaced } = record;
    const row = entityRow(header.routeId, key);
    forgetExpiry(replaced);
    if (record.gone) gone.removeSync(row);
    if (!replaced) count(header.routeId, 1, 0);
    writeCurrent(row, record, body, replaced?.marked === true);
    writeHistory(history, versionRow(header.routeId, key, record.tx), header);
  };

  const putEvent = (record: DerivedRecord, body: RowBody): void => {
    const row = eventRow(record.header.routeId, record.tx);
    writeCurrent(row, record, body, false);
    writeHistory(history, row, record.header);
    count(record.header.routeId, 0, 1);
  };

  const clearCounters = (record: DerivedRecord, key: string): void => {
    const { routeId } = record.header;
    const prefix = entityPrefix(routeId, key);
    const rows = [...reader.keys(counters, { start: prefix, end: entityPrefixEnd(routeId, key) })];
    for (const row of rows) counters.removeSync(row);
  };

  const endEntity = (record: DerivedRecord, key: string, kind: keyof typeof goneCodes): void => {
    const { header, replaced } = record;
    const row = entityRow(header.routeId, key);
    forgetExpiry(replaced);
    if (replaced?.marked) clearCounters(record, key);
    current.removeSync(row);
    const bytes = Buffer.allocUnsafe(5);
    bytes[0] = goneCodes[kind];
    bytes.writeUInt32BE(header.version, 1);
    gone.putSync(row, bytes);
    if (kind === 'delete') writeHistory(history, versionRow(header.routeId, key, record.tx), header);
    count(header.routeId, -1, 0);
  };

  const endEvent = (record: DerivedRecord): void => {
    const { header } = record;
    forgetExpiry(record.replaced);
    current.removeSync(eventRow(header.routeId, header.target));
    count(header.routeId, 0, -1);
  };

  const hide = (record: DerivedRecord): void => {
    const { header, tx } = record;
    endEvent(record);
    const put: LogHeader = { ...header, kind: 'put', version: 1 };
    writeHistory(history, eventRow(header.routeId, header.target), put, tx);
    writeHistory(history, eventRow(header.routeId, tx), header);
  };

  const setCounter = (record: DerivedRecord, key: string): void => {
    const { header, counter, replaced } = record;
    if (!counter) return;
    const row = entityPrefix(header.routeId, key) + utf8(counter.path);
    if (counter.value === null) {
      counters.removeSync(row);
      return;
    }
    value.writeDoubleBE(counter.value, 0);
    counters.putSync(row, value);
    if (replaced?.marked) return;
    const entity = entityRow(header.routeId, key);
    const bytes = reader.get(current, entity);
    if (bytes) current.putSync(entity, withCounterFlag(bytes));
  };

  const deriveRow = (record: DerivedRecord): void => {
    const { header, body } = record;
    const { key, kind } = header;
    const change = changeOf(record.tx, header, record.counter);
    if (change) counterHistory.note(change);
    switch (kind) {
      case 'put':
        if (!body) return;
        return key === null ? putEvent(record, body) : putEntity(record, key, body);
      case 'delete':
        return key === null ? undefined : endEntity(record, key, kind);
      case 'expire':
        return key === null ? endEvent(record) : endEntity(record, key, kind);
      case 'hide':
        return hide(record);
      case 'counter':
        return key === null ? undefined : setCounter(record, key);
      default:
        return assertNever(kind);
    }
  };

  const derive = (record: DerivedRecord): void => {
    deriveRow(record);
    vectors.apply(record);
    facets.apply(record);
  };

  const entries = gatherEntries(environment);

  /** Without counters a payload is shown as it was written, so that the row need not be read. */
  const entriesBefore = (
    { replaced }: DerivedRecord,
    kept: readonly RegisteredIndex[],
    row: string,
  ): readonly string[] => {
    if (!replaced) return [];
    const { payload, marked } = replaced;
    if (payload === undefined || marked) return entriesOf(environment, reader, kept, row);
    return entriesOfPayload(kept, row, payload);
  };
  const entriesAfter = (
    { header, payload, replaced }: DerivedRecord,
    kept: readonly RegisteredIndex[],
    row: string,
  ): readonly string[] => {
    const written = header.kind === 'put' && replaced?.marked !== true ? payload : undefined;
    if (written === undefined) return entriesOf(environment, reader, kept, row);
    return entriesOfPayload(kept, row, written);
  };

  let indexesOf: ReturnType<KeptIndexes> = () => [];
  return {
    begin(head) {
      counterHistory.begin(head);
      indexesOf = keptIndexes();
    },
    apply(record) {
      const { header, tx } = record;
      const kept = indexesOf(header.routeId);
      if (kept.length === 0) return derive(record);
      const row = rowOfRecord(header, tx);
      const before = entriesBefore(record, kept, row);
      derive(record);
      entries.replace(before, entriesAfter(record, kept, row));
    },
    flush(head) {
      counterHistory.end(head);
      entries.flush();
      vectors.flush();
      for (const [routeId, sum] of sums) addStatistics(environment, reader, u32(routeId), sum);
      sums.clear();
    },
  };
}
