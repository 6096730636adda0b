import type { Transaction } from 'lmdb';
import { asBuffer, wholeBuffer, type Table } from './table.js';

export interface RangeQuery {
  readonly start: string;
  readonly end: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface CountQuery {
  readonly start: string;
  readonly end: string;
}

/** Reads within one read transaction, or within the write transaction that is running. */
export interface Reader {
  /** It reads one state as long as it lives: that of a read transaction. */
  readonly fixed: boolean;
  /** The bytes of a row: valid until the next read. */
  get(table: Table, key: string): Buffer | undefined;
  /** The same row faster: only for reading at offsets below `length`. */
  peek(table: Table, key: string): Buffer | undefined;
  /** Rows of [start, end), from the end backward with `reverse`. Values may be kept, save those of `current` and `vectors`. */
  range(table: Table, query: RangeQuery): Iterable<{ readonly key: string; readonly value: Buffer }>;
  keys(table: Table, query: RangeQuery): Iterable<string>;
  /** How many rows [start, end) has: they are counted without being read, some thirty million a second. */
  count(table: Table, query: CountQuery): number;
  /** The key `skip` rows after the first of [start, end). */
  keyAt(table: Table, query: CountQuery, skip: number): string | undefined;
  /** Bytes that `get` read since this was last asked: what a batch is measured by. */
  takeBytes(): number;
}

/** lmdb's read transaction is the one that it reads with by itself until the turn of the event loop ends or something is committed. */
interface ReadTransaction extends Transaction {
  readonly notCurrent?: boolean;
}

/** As lmdb takes ranges. All members are always there: it asks for them by name and adds two of its own, and spreads would make hidden classes. */
interface RangeOptions {
  readonly start: string;
  readonly end: string;
  readonly reverse: boolean;
  readonly exclusiveStart: boolean;
  readonly inclusiveEnd: boolean;
  readonly limit: number | undefined;
  readonly offset: number;
  readonly transaction: ReadTransaction | undefined;
  readonly values: boolean;
  readonly onlyCount: boolean;
}

/** lmdb's reverse ranges take (start, end] downward; ours are always [start, end). */
function rangeOptions(
  { start, end, reverse = false, limit }: RangeQuery,
  transaction: ReadTransaction | undefined,
  offset = 0,
): RangeOptions {
  return {
    start: reverse ? end : start,
    end: reverse ? start : end,
    reverse,
    exclusiveStart: reverse,
    inclusiveEnd: reverse,
    limit,
    offset,
    // Without naming it lmdb uses its cursors again; making one costs more than a small range.
    transaction: transaction?.notCurrent ? transaction : undefined,
    values: true,
    onlyCount: false,
  };
}

/** A reader of one transaction; without one of the newest state, or of the running write. */
export function readerOf(transaction?: ReadTransaction): Reader {
  const options = transaction ? { transaction } : undefined;
  let bytesRead = 0;
  const read = (table: Table, key: string): Uint8Array | undefined => {
    // The typing leaves out the options that the function takes.
    const get: (key: string, options?: { transaction: Transaction }) => Buffer | undefined =
      table.getBinaryFast;
    const bytes = get.call(table, key, options);
    if (bytes) bytesRead += bytes.length;
    return bytes;
  };
  return {
    fixed: transaction !== undefined,
    get(table, key) {
      const bytes = read(table, key);
      return bytes && asBuffer(bytes);
    },
    peek(table, key) {
      const bytes = read(table, key);
      return bytes && wholeBuffer(bytes);
    },
    range: (table, query) => table.getRange(rangeOptions(query, transaction)),
    keys: (table, query) => table.getKeys(rangeOptions(query, transaction)),
    // The count takes the options for its own.
    count: (table, query) => table.getKeysCount(rangeOptions(query, transaction)),
    keyAt(table, query, skip) {
      const { start, end } = query;
      const [key] = table.getKeys(rangeOptions({ start, end, limit: 1 }, transaction, skip));
      return key;
    },
    takeBytes() {
      const taken = bytesRead;
      bytesRead = 0;
      return taken;
    },
  };
}

/** What was read, counted while somebody wants to know. */
export interface Reads {
  keys: number;
  bytes: number;
}

/** A reader that counts what it reads: keys, and the bytes of keys and values. */
export function countingReader(reader: Reader, reads: Reads): Reader {
  const note = (key: string, value: Buffer | undefined): void => {
    reads.keys += 1;
    reads.bytes += key.length + (value?.length ?? 0);
  };
  return {
    ...reader,
    get(table, key) {
      const value = reader.get(table, key);
      note(key, value);
      return value;
    },
    peek(table, key) {
      const value = reader.peek(table, key);
      note(key, value);
      return value;
    },
    *range(table, query) {
      for (const row of reader.range(table, query)) {
        note(row.key, row.value);
        yield row;
      }
    },
    *keys(table, query) {
      for (const key of reader.keys(table, query)) {
        note(key, undefined);
        yield key;
      }
    },
    keyAt(table, query, skip) {
      const key = reader.keyAt(table, query, skip);
      if (key !== undefined) reads.keys += skip + 1;
      return key;
    },
    count(table, query) {
      const count = reader.count(table, query);
      reads.keys += count;
      return count;
    },
  };
}
