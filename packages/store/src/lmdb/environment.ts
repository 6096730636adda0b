import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, invariant } from '@drops/diagnostics';
import { open, type Database, type DatabaseOptions, type RootDatabase, type Transaction } from 'lmdb';

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
  /** Entity, path, tx → value from then on. */
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
}
export interface Environment extends TruthTables, DerivedTables {
  readonly root: RootDatabase<Buffer, string>;
  /** Head, format. */
  readonly meta: Table;
  /** Layer above, its key → its value: made anew by that layer, so a rebuild only clears it. */
  readonly derived: Table;
  /** Runs `work` in one write transaction, on disk when this returns; a throw leaves nothing. STORE_FULL when there is no room. */
  write(work: () => void): void;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly path: string;
  readonly durability: 'full' | 'relaxed';
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
  readKey: (target: Buffer, start: number, end: number): string => target.toString('latin1', start, end),
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

/** EIO, EFBIG, ENOSPC, EDQUOT: a full disk shows as EIO when the last write was cut short. */
const refusals: ReadonlySet<unknown> = new Set([5, 27, 28, 122]);

/** What the disk refuses is the user's to repair; the rest is ours. */
function isRefused(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (refusals.has(thrown.code) || /MAP_FULL/.test(thrown.message))
  );
}

function transact(root: RootDatabase<Buffer, string>, flags: number, work: () => void): void {
  try {
    root.transactionSync(() => {
      const result: unknown = work();
      // lmdb answers before the disk does when this callback returns a promise.
      invariant(result === undefined, 'the work of a write transaction returns nothing');
    }, flags);
  } catch (thrown) {
    if (isRefused(thrown)) {
      fail('STORE_FULL', 'The disk refused the write: it is full or failing. Nothing was written.', {
        hint: 'make room and try again',
      });
    }
    throw thrown;
  }
}

/** What every file of LMDB holds near its beginning, in the byte order of this machine's kind. */
const magic = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);

/** A new store is larger before its first write is acknowledged. */
const unfinishedLimit = 64 * 1024;

/**
 * lmdb does not survive files of another kind, so they are told apart before it sees them. Where power was lost while
 * the file was made, before its first sync, it may have no beginning: nothing was in it, and it is emptied.
 */
function checkFile(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r+');
  try {
    const bytes = Buffer.alloc(512);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    if (length === 0 || bytes.subarray(0, 64).includes(magic)) return;
    const { size } = fstatSync(descriptor);
    if (size > unfinishedLimit || bytes.some((byte) => byte !== 0))
      throw new Error('store.mdb is no file of LMDB');
    ftruncateSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Puts the names in a folder on disk: a synced file whose name was never written is lost with the power. */
function syncFolder(path: string): void {
  // Windows has no such call, and writes names at once.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Syncs a new store's folder, and the folders that hold those made for it. */
function syncNames(path: string, firstMade: string | undefined): void {
  syncFolder(path);
  if (firstMade === undefined) return;
  const last = dirname(resolve(firstMade));
  for (let folder = resolve(path); folder !== last;) {
    folder = dirname(folder);
    syncFolder(folder);
  }
}

function openRoot(path: string): RootDatabase<Buffer, string> {
  try {
    const firstMade = mkdirSync(path, { recursive: true });
    const file = join(path, 'store.mdb');
    checkFile(file);
    const isNew = !existsSync(file);
    const root = open<Buffer, string>({
      path: file,
      noSubdir: true,
      mapSize,
      maxDbs: 64,
      maxReaders: 1024,
      ...tableOptions,
    });
    if (isNew) syncNames(path, firstMade);
    return root;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return fail('NOT_AVAILABLE', `The store at ${path} cannot be opened: ${reason}.`);
  }
}

/**
 * Opens the databases of a folder, making them when missing. The only place that knows lmdb's options.
 * NOT_AVAILABLE when the folder or its file is something else.
 */
export function openEnvironment(options: EnvironmentOptions): Environment {
  const root = openRoot(options.path);
  const table = (name: string): Table => root.openDB<Buffer, string>(name, tableOptions);
  const volatile = { ...tableOptions, encoder: volatileEncoder };
  const flags = abortable | synchronousCommit | (options.durability === 'relaxed' ? noMetaSync : 0);
  return {
    root,
    meta: table('meta'),
    derived: table('derived'),
    log: table('log'),
    payloads: table('payloads'),
    chain: table('chain'),
    routes: table('routes'),
    current: root.openDB<Buffer, string>('current', volatile),
    gone: table('gone'),
    history: table('history'),
    counters: table('counters'),
    counterHistory: table('counter_history'),
    expiries: table('expiries'),
    statistics: table('statistics'),
    indexes: table('indexes'),
    indexStates: table('index_states'),
    vectors: root.openDB<Buffer, string>('vectors', volatile),
    write: (work) => transact(root, flags, work),
    close: () => root.close(),
  };
}

/** The tables that a rebuild makes anew. */
export function derivedTables(tables: DerivedTables): readonly Table[] {
  const { current, gone, history, counters, counterHistory, expiries, statistics } = tables;
  const { indexes, indexStates, vectors } = tables;
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

/** lmdb's reverse ranges take (start, end] downward; ours are always [start, end). */
function rangeOptions(query: RangeQuery, transaction: ReadTransaction | undefined) {
  const bounds = query.reverse
    ? { start: query.end, end: query.start, reverse: true, exclusiveStart: true, inclusiveEnd: true }
    : { start: query.start, end: query.end };
  return {
    ...bounds,
    ...(query.limit !== undefined && { limit: query.limit }),
    // Without naming it lmdb uses its cursors again; making one costs more than a small range.
    ...(transaction?.notCurrent && { transaction }),
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
      const [key] = table.getKeys({ ...rangeOptions({ ...query, limit: 1 }, transaction), offset: skip });
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
