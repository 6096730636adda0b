import { writeBackup } from '../backup/write-backup.js';
import type { OpenOptions, Snapshot, Store } from '../store.js';
import { createBatchedGets } from './batched-gets.js';
import { createCatalogue } from './catalogue.js';
import { createCommitQueue } from './commit-queue.js';
import { connect, type Connection } from './connection.js';
import { createFieldIndexes, smallTable } from './field-indexes.js';
import { readLog, watchHead } from './feed.js';
import { proveEntity } from './prove.js';
import { rebuildTables } from './rebuild.js';
import { makeTables } from './schema.js';
import { snapshotOf } from './snapshot.js';
import { readSpace } from './space.js';
import { dueRows } from './sweeper.js';
import { readTruthHead, truthSource } from './truth.js';
import { verifyTables } from './verify.js';
import { createWriter } from './writer.js';

const sweepInterval = 10_000;

/** Snapshots of the newest state. Those asked for while one is being opened share the next. */
function createOpener(connection: Connection, clock: () => number, besideWritersFrom: number) {
  const catalogue = createCatalogue();
  const gets = createBatchedGets();
  const fieldIndexes = createFieldIndexes(connection, catalogue, clock, besideWritersFrom);
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Snapshot> | undefined;

  const open = async (): Promise<Snapshot> => {
    const [row] = await connection.read(catalogue.query());
    const head = catalogue.take(row ?? []);
    const now = Math.max(clock(), head.time);
    const definitions = catalogue.definitions(now);
    fieldIndexes.notice(head.epoch);
    return snapshotOf({ connection, catalogue, definitions, gets, fieldIndexes }, { tx: head.tx, now });
  };
  return {
    catalogue,
    fieldIndexes,
    snapshot(): Promise<Snapshot> {
      if (next) return next;
      const opened = running.then(() => {
        // Whoever asks from now on may have heard of a later commit.
        next = undefined;
        return open();
      });
      next = opened;
      running = opened.catch(() => undefined);
      return opened;
    },
  };
}

/**
 * Opens the store of a schema in PostgreSQL, making it when missing. STORE_UNREACHABLE (503) when there is no database. `besideWritersFrom`: bytes of
 * the table of current rows from which on indexes are made while others write.
 */
export async function openPostgresStore(
  { path, clock = Date.now, durability, announce }: OpenOptions,
  besideWritersFrom = smallTable,
): Promise<Store> {
  const connection = await connect(path, durability);
  const channel = `drops_${connection.schema}`;
  try {
    if (await makeTables(connection)) await rebuildTables(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const opener = createOpener(connection, clock, besideWritersFrom);
  const { catalogue, fieldIndexes } = opener;
  const snapshot = opener.snapshot;
  const { tx: opened } = await snapshot();
  let seen = opened;
  const watch = watchHead(connection, channel, () => seen);
  const writer = createWriter(connection, clock, channel);
  const queue = createCommitQueue(writer, (tx) => {
    seen = Math.max(seen, tx);
    watch.tell(tx);
    announce?.();
  });
  const sweep = async (): Promise<void> => {
    const operations = await dueRows(connection, catalogue, clock());
    if (operations.length > 0) await queue.commit({ operations, writer: null });
  };
  // What fails here, a database that is away say, is tried again the next time.
  const timer = setInterval(() => void sweep().catch(() => undefined), sweepInterval).unref();

  return {
    snapshot,
    commit: queue.commit,
    load: (request) => queue.inTurn(() => writer.load(request)),
    log: (fromTx, limit) => readLog(connection, fromTx, limit),
    onCommit: watch.listen,
    lookForCommits: watch.check,
    admin: {
      prove: async (route, key) => proveEntity(connection, catalogue, await snapshot(), route, key),
      verify: async () => verifyTables(connection, await readTruthHead(connection)),
      rebuild: () => queue.inTurn(() => rebuildTables(connection)),
      backup: (file) => writeBackup(truthSource(connection), file),
      async indexesSettled() {
        (await snapshot()).release();
        await fieldIndexes.settled();
      },
      // Statistics are the database's own.
      samplesSettled: async () => undefined,
      columnUse: () => ({ routes: 0, columns: 0, bytes: 0 }),
      shareIndexUses: () => void fieldIndexes.look().catch(() => undefined),
      space: () => readSpace(connection),
    },
    async close() {
      clearInterval(timer);
      await fieldIndexes.stop();
      await queue.close();
      await watch.stop();
      await connection.close();
    },
  };
}
