import { closeSync, existsSync, fdatasyncSync, openSync } from 'node:fs';
import { invariant } from '@drops/diagnostics';
import type { Database, PutOptions, RootDatabase } from 'lmdb';
import { applyRecord, createChangeRecorder, type ChangeRecorder } from './change-record.js';
import { createCheckpointKeeper, type CheckpointKeeper } from './checkpoint-keeper.js';
import { openCheckpoints, type Checkpoint, type Checkpoints } from './checkpoints.js';
import { createDurableWriter, type DurableWriter, type PlaceTable } from './durable-writer.js';
import type { DiskRoom } from './disk-room.js';
import { openLogFile, type LogEnd, type LogFile } from './log-file.js';
import { decodePlace, encodePlace, firstPlace, newPlace, placeKey } from './log-place.js';
import { readMetaPage, restoreMetaPage } from './meta-page.js';
import type { ProcessLock } from './process-lock.js';

type Root = RootDatabase<Buffer, string>;
type Table = Database<Buffer, string>;
/** Tables by the names that the log has for them. */
type TableSet = { readonly [name: string]: Table };

export interface DurableOptions<Tables> {
  /** The data file of LMDB. */
  readonly file: string;
  readonly logFile: string;
  readonly checkpointFile: string;
  readonly lock: ProcessLock;
  /** See `bootId`. */
  readonly boot: string;
  /** See `DurableWriter`. */
  readonly waits: boolean;
  readonly room: DiskRoom;
  readonly openRoot: (file: string) => Root;
  readonly openTables: (root: Root) => Tables;
  /** The table that the place in the log is kept in. */
  readonly placesOf: (tables: Tables) => Table;
  readonly read: (table: Table, key: string) => Buffer | undefined;
  /** Runs work in a write transaction that is not synced. */
  readonly transact: (root: Root, work: () => void) => void;
}

export interface OpenedDurably<Tables> {
  readonly root: Root;
  readonly tables: Tables;
  readonly writer: DurableWriter;
}

interface Opened<Tables> {
  readonly root: Root;
  readonly tables: Tables;
  readonly keeper: CheckpointKeeper;
}

/** Has every change of a table taken down while there is a recording. */
function record(table: Table, number: number, recorder: ChangeRecorder): void {
  const { clearSync } = table;
  const put: Table['putSync'] = table.putSync.bind(table);
  const remove = table.removeSync.bind(table);
  table.putSync = (key: string, value: Buffer, more?: PutOptions | number): void => {
    recorder.put(number, key, value);
    if (typeof more === 'number') put(key, value, more);
    else if (more) put(key, value, more);
    else put(key, value);
  };
  table.removeSync = (key: string): boolean => {
    recorder.remove(number, key);
    return remove(key);
  };
  table.clearSync = () => {
    recorder.clear(number);
    clearSync.call(table);
  };
}

/**
 * True when the pages behind a checkpoint cannot be trusted: they were written before the machine was started again. A
 * file that is older than its checkpoint was put there by somebody, who knows.
 */
function needsRecovery(
  file: string,
  boot: string,
  checkpoint: Checkpoint | undefined,
): checkpoint is Checkpoint {
  if (!checkpoint || checkpoint.boot === boot || !existsSync(file)) return false;
  const fd = openSync(file, 'r');
  try {
    const found = readMetaPage(fd);
    return found !== undefined && found.transaction >= checkpoint.meta.transaction;
  } finally {
    closeSync(fd);
  }
}

/** Makes the checkpoint the newest state of the data file. */
function goBackTo(file: string, { meta }: Checkpoint): void {
  const fd = openSync(file, 'r+');
  try {
    restoreMetaPage(fd, meta);
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes the changes that the log has beyond the state of the store; they are durable when this returns. */
function replay<Tables extends TableSet>(
  options: DurableOptions<Tables>,
  { root, tables, keeper }: Opened<Tables>,
  log: LogFile,
): void {
  const places = options.placesOf(tables);
  const named = new Map(Object.entries<Table>(tables));
  const hold = keeper.prepare();
  options.transact(root, () => {
    hold();
    const bytes = options.read(places, placeKey);
    let end: LogEnd = bytes ? decodePlace(bytes) : firstPlace;
    for (let found = log.next(end); found; found = log.next(end)) {
      applyRecord(found.record, named);
      ({ end } = found);
    }
    places.putSync(placeKey, encodePlace(newPlace()));
  });
  options.transact(root, () => {
    keeper.make();
  });
  keeper.letGo();
}

/** Opens root and tables, in one transaction. Making a missing table writes, so that it is done by a holder. */
function openAll<Tables>(options: DurableOptions<Tables>, checkpoints: Checkpoints): Opened<Tables> {
  const { file, boot, openRoot, openTables, transact } = options;
  const root = openRoot(file);
  const keeper = createCheckpointKeeper(root, file, checkpoints, boot);
  const hold = keeper.prepare();
  let tables: Tables | undefined;
  transact(root, () => {
    hold();
    tables = openTables(root);
  });
  keeper.letGo();
  invariant(tables, 'a transaction that ended was run');
  return { root, tables, keeper };
}

/**
 * Opens the tables of a store whose commits are durable by a log (see `DurableWriter`), made whole where the machine lost its
 * power. The lock must be held meanwhile: who comes waits.
 */
export function openDurably<Tables extends TableSet>(options: DurableOptions<Tables>): OpenedDurably<Tables> {
  const { file, boot, waits, room, placesOf, read } = options;
  const checkpoints = openCheckpoints(options.checkpointFile, options.lock);
  const log = openLogFile(options.logFile);
  let opened: Opened<Tables> | undefined;
  checkpoints.exclusively(() => {
    const checkpoint = checkpoints.read();
    if (!needsRecovery(file, boot, checkpoint)) return;
    goBackTo(file, checkpoint);
    opened = openAll(options, checkpoints);
    replay(options, opened, log);
  });
  const { root, tables, keeper } = opened ?? openAll(options, checkpoints);
  const named = Object.entries<Table>(tables);
  const recorder = createChangeRecorder(named.map(([name]) => name));
  const table = placesOf(tables);
  const put = table.putSync.bind(table);
  const places: PlaceTable = {
    get: (key) => read(table, key),
    put(key, value) {
      put(key, value);
    },
  };
  named.forEach(([, one], number) => record(one, number, recorder));
  const transact = (work: () => void): void => options.transact(root, work);
  const writer = createDurableWriter({ places, recorder, log, keeper, waits, room, transact });
  return {
    root,
    tables,
    writer: {
      ...writer,
      async close() {
        await writer.close();
        await checkpoints.close();
      },
    },
  };
}
