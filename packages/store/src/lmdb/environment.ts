import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, invariant } from '@drops/diagnostics';
import { textOf } from '../log/bytes.js';
import { open, type Database, type DatabaseOptions, type RootDatabase, type Transaction } from 'lmdb';
import { bootId } from './durability/boot.js';
import { createDiskRoom } from './durability/disk-room.js';
import { openDurably, type OpenedDurably } from './durability/open-durably.js';
import { openProcessLock, type ProcessLock } from './durability/process-lock.js';
import { segmentLength } from '../log/log-record.js';
import { checkFile, syncNames } from './store-files.js';

/** One database: binary strings (see binary-keys) to bytes. */
export type Table = Database<Buffer, string>;

/** The truth: written once, never changed. */
export interface TruthTables {
  /** tx → header. */
  readonly log: Table;
  /** tx → salt and body. */
  readonly payloads: Table;
  /** Last tx of a group → link. */
  readonly chain: Table;
  /** Path → id, first tx. */
  readonly routes: Table;
}
/** What can be made anew from the truth at any time. */
export interface DerivedTables {
  /** Entity or event → its newest live version. */
  readonly current: Table;
  /** Entity whose newest version is not live → why, and the version. */
  readonly gone: Table;
  /** Entity or event, tx → kind, version. */
  readonly history: Table;
  /** Entity, path → value. */
  readonly counters: Table;
  /** Entity, path, last tx → the values in a segment of the log. */
  readonly counterHistory: Table;
  /** Time, tx → row in `current`. */
  readonly expiries: Table;
  /** Route id → counts. */
  readonly statistics: Table;
  /** Index, values, row in `current` → nothing. */
  readonly indexes: Table;
  /** Index → what it is over, and how far it is built. */
  readonly indexStates: Table;
  /** Route id → dimension and count; route id, tx → vector of a live version. */
  readonly vectors: Table;
  /** Universal fields: value, row in `current` → nothing. */
  readonly facets: Table;
}
export interface Environment extends TruthTables, DerivedTables {
  readonly root: RootDatabase<Buffer, string>;
  /** Head, format. */
  readonly meta: Table;
  /** Records of the log of which the history of counters is written at once. */
  readonly segment: number;
  /** Layer above, its key → its value: made anew by that layer, so a rebuild only clears it. */
  readonly derived: Table;
  /** Runs `work` in one write transaction, on disk when this returns; a throw leaves nothing. STORE_FULL when there is no room. */
  write(work: () => void): void;
  /** Brings all that was written into the data file itself, synced. */
  checkpoint(): void;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly path: string;
  readonly durability: 'full' | 'relaxed';
  /** Default: what `bootId` says of this machine. */
  readonly boot?: string;
  /** Only for tests: the same for all who open a store. */
  readonly segment?: number;
}

/** Address space, not memory or disk: the map does not have to grow while readers hold it. */
const mapSize = 256 * 2 ** 30;

/** Keys are short: a loop is done before a call into Buffer has begun. */
function writeKey(key: string, target: Buffer, start: number): number {
  for (let i = 0; i < key.length; i += 1) target[start + i] = key.charCodeAt(i);
  return start + key.length;
}

const keyEncoder = {
  writeKey,
  readKey: (target: Buffer, start: number, end: number): string => textOf(target, start, end, true),
};
// Bytes go in as they are; those that come out of a range live in a buffer that lmdb uses again.
const encoder = {
  encode: (value: Buffer): Buffer => value,
  decode: (bytes: Uint8Array): Buffer => Buffer.from(bytes.subarray(0, bytes.length)),
};
/** Rows of `current` and `vectors` are decoded before the next read, so their ranges need no copies. */
const volatileEncoder = { ...encoder, decode: (bytes: Uint8Array): Buffer => wholeBuffer(bytes) };
const tableOptions: DatabaseOptions & { keyEncoder: typeof keyEncoder; encoder: typeof encoder } = {
  keyEncoder,
  encoder,
};

/**
 * Bytes of lmdb as a Buffer of their own length: small values come in a shared buffer whose `length` is only made
 * to look right, large ones as plain views of the map.
 */
function asBuffer(bytes: Uint8Array): Buffer {
  return wholeBuffer(bytes).subarray(0, bytes.length);
}

/** The same, without the view of its own: only for reading at offsets below `length`. */
function wholeBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const abortable = 1;
const synchronousCommit = 2;
const noMetaSync = 0x40000;
const noSync = 0x10000;

/** As lmdb and as Node's files give them: a full disk shows as EIO when the last write was cut short. */
const refusals: ReadonlySet<unknown> = new Set([5, 27, 28, 122, 'EIO', 'EFBIG', 'ENOSPC', 'EDQUOT']);

/** What the disk refuses is the user's to repair; the rest is ours. */
function isRefused(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (refusals.has(thrown.code) || /MAP_FULL/.test(thrown.message))
  );
}

/** lmdb answers before the disk does when what runs in a transaction returns a promise. */
function run(work: () => void): void {
  const result: unknown = work();
  invariant(result === undefined, 'the work of a write transaction returns nothing');
}

function transact(
  lock: ProcessLock,
  root: RootDatabase<Buffer, string>,
  flags: number,
  work: () => void,
): void {
  try {
    lock.hold(() => root.transactionSync(() => run(work), flags));
  } catch (thrown) {
    if (isRefused(thrown)) {
      fail('STORE_FULL', 'The disk refused the write: it is full or failing. Nothing was written.', {
        hint: 'make room and try again',
      });
    }
    throw thrown;
  }
}

const openRoot = (file: string): RootDatabase<Buffer, string> =>
  open<Buffer, string>({
    path: file,
    noSubdir: true,
    mapSize,
    maxDbs: 64,
    maxReaders: 1024,
    // What is synced when is decided here, not by lmdb.
    overlappingSync: false,
    ...tableOptions,
  });

/** Opens the tables. Their names here are those in the log of changes, too. */
function openTables(root: RootDatabase<Buffer, string>) {
  const table = (name: string, options = tableOptions): Table => root.openDB<Buffer, string>(name, options);
  return {
    meta: table('meta'),
    derived: table('derived'),
    log: table('log'),
    payloads: table('payloads'),
    chain: table('chain'),
    routes: table('routes'),
    current: table('current', { ...tableOptions, encoder: volatileEncoder }),
    gone: table('gone'),
    history: table('history'),
    counters: table('counters'),
    counterHistory: table('counter_history'),
    expiries: table('expiries'),
    statistics: table('statistics'),
    indexes: table('indexes'),
    indexStates: table('index_states'),
    vectors: table('vectors', { ...tableOptions, encoder: volatileEncoder }),
    facets: table('facets'),
  };
}
type Tables = ReturnType<typeof openTables>;

type Opened = Pick<OpenedDurably<Tables>, 'root' | 'tables'> &
  Pick<Environment, 'write' | 'checkpoint' | 'close'>;

/** Where the system does not tell one boot from another, each commit waits for LMDB's own syncs. */
function openSyncing(path: string, file: string, flags: number, lock: ProcessLock): Opened {
  const root = openRoot(file);
  const room = createDiskRoom(path);
  return {
    root,
    tables: openTables(root),
    write(work) {
      room.assure(0);
      transact(lock, root, flags, work);
    },
    checkpoint: () => undefined,
    close: () => lock.closeFile(root),
  };
}

function openWithLog(path: string, file: string, boot: string, waits: boolean, lock: ProcessLock): Opened {
  const reader = readerOf();
  const { root, tables, writer } = openDurably<Tables>({
    file,
    logFile: join(path, 'store.log'),
    checkpointFile: join(path, 'checkpoint.mdb'),
    lock,
    boot,
    waits,
    room: createDiskRoom(path),
    openRoot,
    openTables,
    transact: (of, work) => transact(lock, of, abortable | synchronousCommit | noSync, work),
    placesOf: ({ meta }) => meta,
    read: (table, key) => reader.get(table, key),
  });
  return {
    root,
    tables,
    write: (work) => writer.write(() => run(work)),
    checkpoint: writer.checkpoint,
    async close() {
      await writer.close();
      await lock.closeFile(root);
    },
  };
}

/**
 * Opens the databases of a folder, making them when missing. The only place that knows lmdb's options.
 * NOT_AVAILABLE when the folder or its file is something else.
 */
export function openEnvironment({
  path,
  durability,
  boot = bootId(),
  segment = segmentLength,
}: EnvironmentOptions): Environment {
  try {
    const firstMade = mkdirSync(path, { recursive: true });
    const file = join(path, 'store.mdb');
    const all = [file, join(path, 'checkpoint.mdb'), join(path, 'store.log')];
    const lockFile = join(path, 'lock.mdb');
    checkFile(lockFile);
    const lock = openProcessLock(lockFile);
    let opened: Opened | undefined;
    lock.hold(() => {
      const isNew = !all.every((name) => existsSync(name));
      for (const name of all.slice(0, 2)) checkFile(name);
      const isFull = durability === 'full';
      opened =
        boot === undefined
          ? openSyncing(path, file, abortable | synchronousCommit | (isFull ? 0 : noMetaSync), lock)
          : openWithLog(path, file, boot, isFull, lock);
      if (isNew) syncNames(path, firstMade);
    });
    invariant(opened, 'what a lock is held for is done');
    const { root, tables, write, checkpoint, close } = opened;
    let closed: Promise<void> | undefined;
    const closeAll = async (): Promise<void> => {
      await close();
      await lock.close();
    };
    return { root, ...tables, segment, write, checkpoint, close: () => (closed ??= closeAll()) };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return fail('NOT_AVAILABLE', `The store at ${path} cannot be opened: ${reason}.`);
  }
}

/** The tables that a rebuild makes anew. */
export function derivedTables(tables: DerivedTables): readonly Table[] {
  const { current, gone, history, counters, counterHistory, expiries, statistics } = tables;
  const { indexes, indexStates, vectors, facets } = tables;
  return [
    current,
    gone,
    history,
    counters,
    counterHistory,
    expiries,
    statistics,
    indexes,
    indexStates,
    vectors,
    facets,
  ];
}

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
