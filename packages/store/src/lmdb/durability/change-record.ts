import { invariant } from '@drops/diagnostics';

/*
 * What one transaction changes, as a record from which the same changes can be made again:
 * hash of the record before (in memory) or of this one (on disk) | length | changes.
 */

export const hashLength = 32;
export const recordHead = hashLength + 4;
/** Longer ones are not recorded. */
export const recordLimit = 16 << 20;

// kind, table: number | name: length, name | put: length of key, of value, key, value | remove: length of key, key
const kinds = { name: 0, put: 1, remove: 2, clear: 3 } as const;

/** Takes down the changes of a transaction. */
export interface ChangeRecorder {
  begin(): void;
  /** No further changes are expected. */
  end(): void;
  put(table: number, key: string, value: Uint8Array): void;
  remove(table: number, key: string): void;
  clear(table: number): void;
  isEmpty(): boolean;
  /** The record with room for the hash at its beginning, good until the next `begin`; undefined: it is too long. */
  record(): Buffer | undefined;
}

/** A recorder of changes to tables with these names, which are called by their place in the list. */
export function createChangeRecorder(names: readonly string[]): ChangeRecorder {
  let bytes = Buffer.allocUnsafeSlow(64 << 10);
  let end = recordHead;
  let isTooLong = false;
  let isRecording = false;
  let named: boolean[] = [];

  const reserve = (length: number): boolean => {
    if (isTooLong) return false;
    const needed = end + length;
    if (needed <= bytes.length) return true;
    if (needed > recordLimit) {
      isTooLong = true;
      return false;
    }
    const larger = Buffer.allocUnsafeSlow(Math.min(recordLimit, Math.max(bytes.length * 2, needed)));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
    return true;
  };
  const start = (kind: number, table: number, length: number): boolean => {
    invariant(isRecording, 'what is written outside a write of the environment would not be durable');
    const name = named[table] ? undefined : (names[table] ?? '');
    if (!reserve(length + 3 + (name?.length ?? 0) + 2)) return false;
    if (name !== undefined) {
      named[table] = true;
      bytes[end] = kinds.name;
      bytes[end + 1] = table;
      bytes[end + 2] = name.length;
      end += 3 + bytes.write(name, end + 3, 'latin1');
    }
    bytes[end] = kind;
    bytes[end + 1] = table;
    end += 2;
    return true;
  };
  // Keys and most values are short: a loop is done before a call into Buffer has begun.
  const writeKey = (key: string): void => {
    for (let i = 0; i < key.length; i += 1) bytes[end + i] = key.charCodeAt(i);
    end += key.length;
  };
  const writeShort = (value: number): void => {
    bytes[end] = value & 255;
    bytes[end + 1] = value >>> 8;
    end += 2;
  };

  return {
    begin() {
      end = recordHead;
      isTooLong = false;
      isRecording = true;
      named = [];
    },
    end() {
      isRecording = false;
    },
    put(table, key, value) {
      if (!start(kinds.put, table, 6 + key.length + value.length)) return;
      writeShort(key.length);
      writeShort(value.length & 0xffff);
      writeShort(value.length >>> 16);
      writeKey(key);
      bytes.set(value, end);
      end += value.length;
    },
    remove(table, key) {
      if (!start(kinds.remove, table, 2 + key.length)) return;
      writeShort(key.length);
      writeKey(key);
    },
    clear(table) {
      start(kinds.clear, table, 0);
    },
    isEmpty: () => end === recordHead && !isTooLong,
    record() {
      if (isTooLong) return undefined;
      bytes.writeUInt32LE(end, hashLength);
      return bytes.subarray(0, end);
    },
  };
}

/** A table as changes are made to it again. */
export interface ChangedTable {
  putSync(key: string, value: Buffer): unknown;
  removeSync(key: string): unknown;
  clearSync(): unknown;
}

/** Makes the changes of a record again, within a write transaction. */
export function applyRecord(record: Buffer, tables: ReadonlyMap<string, ChangedTable>): void {
  const numbered = new Map<number, ChangedTable>();
  let at = recordHead;
  const key = (length: number): string => record.toString('latin1', at, (at += length));
  while (at < record.length) {
    const [kind, number = 0] = record.subarray(at, at + 2);
    at += 2;
    if (kind === kinds.name) {
      const length = record.readUInt8(at);
      at += 1;
      const name = key(length);
      const found = tables.get(name);
      invariant(found, `the log names a table ${name} that is not there`);
      numbered.set(number, found);
      continue;
    }
    const table = numbered.get(number);
    invariant(table, 'a change names its table first');
    if (kind === kinds.clear) {
      table.clearSync();
      continue;
    }
    const keyLength = record.readUInt16LE(at);
    at += 2;
    if (kind === kinds.remove) {
      table.removeSync(key(keyLength));
      continue;
    }
    invariant(kind === kinds.put, 'a record holds an unknown kind of change');
    const valueLength = record.readUInt32LE(at);
    at += 4;
    const row = key(keyLength);
    table.putSync(row, Buffer.from(record.subarray(at, (at += valueLength))));
  }
}
