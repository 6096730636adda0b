import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, invariant } from '@drops/diagnostics';
import { textOf } from '../log/bytes.js';
import { open, type DatabaseOptions, type RootDatabase } from 'lmdb';
import { bootId } from './durability/boot.js';
import { createDiskRoom } from './durability/disk-room.js';
import { openDurably, type OpenedDurably } from './durability/open-durably.js';
import { openProcessLock, type ProcessLock } from './durability/process-lock.js';
import { segmentLength } from '../log/log-record.js';
import { readerOf } from './reader.js';
import { checkFile, syncNames } from './store-files.js';
import { wholeBuffer, type Table } from './table.js';

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
