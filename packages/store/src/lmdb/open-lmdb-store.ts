import { join } from 'node:path';
import type { LocalStore, OpenOptions } from '../store.js';
import { systemFiles, writeBackup } from '../backup/write-backup.js';
import { createCommitQueue } from './writing/commit-queue.js';
import { createColumnCache, defaultColumnMemory } from './columns/column-cache.js';
import { createColumnFiles } from './columns/column-files.js';
import { createDefinitionsCache } from './definitions.js';
import { createDerivedRows } from './derived-rows.js';
import { openEnvironment, type Environment } from './environment.js';
import { readerOf } from './reader.js';
import { readLog, watchHead } from './feed.js';
import { checkFormat } from './format.js';
import { readHead } from './head.js';
import { createIndexMaintenance } from './indexes/index-maintenance.js';
import { createIndexRegistry } from './indexes/index-registry.js';
import { openIndexBuilder } from './indexes/open-index-builder.js';
import { createPins } from './upkeep/pins.js';
import { proveEntity } from './upkeep/prove.js';
import { rebuildStore } from './upkeep/rebuild.js';
import { createRouteSamples } from './statistics/route-samples.js';
import { createRoutes } from './rows/routes.js';
import { entitiesOf, openSnapshot } from './snapshot.js';
import { watchSpace } from './upkeep/space.js';
import { truthOf } from './truth.js';
import { dueRows } from './upkeep/sweeper.js';
import { verifyStore } from './upkeep/verify.js';
import { createGroupWriter } from './writing/write-group.js';

/** A store and what only this package's tests touch. */
export interface OpenedStore {
  readonly store: LocalStore;
  readonly environment: Environment;
  /** Ends what has expired, some hundreds at a time; gives how many there were. */
  readonly sweep: () => Promise<number>;
}

const sweepInterval = 10_000;
const spaceInterval = 20_000;
const useInterval = 60_000;

/** Opens the parts of a store and puts them together; tests put an environment and files that fail below it. */
export function openStoreParts(
  {
    path,
    clock = Date.now,
    durability = 'full',
    columnMemory = defaultColumnMemory,
    announce,
    warn = () => undefined,
  }: OpenOptions,
  beneath = { openEnvironment, files: systemFiles },
): OpenedStore {
  const environment = beneath.openEnvironment({ path, durability });
  const reader = readerOf();
  const routes = createRoutes(environment);
  const indexes = createIndexRegistry(environment, reader, clock);
  const builder = openIndexBuilder(environment, routes, clock);
  const columnFiles = createColumnFiles(environment, reader, join(path, 'columns'));
  const columns = createColumnCache(columnMemory, columnFiles);
  const rebuild = () => {
    columns.forget();
    return rebuildStore(environment, reader, builder);
  };
  checkFormat(environment, reader, rebuild);

  const definitions = createDefinitionsCache((at, route, now) =>
    entitiesOf(
      { environment, routes, indexes, reader: at, tx: 0, now, past: false, parsers: undefined },
      route,
    ),
  );
  const pins = createPins(environment, announce !== undefined);
  const samples = createRouteSamples(environment, routes, indexes, clock);
  const reading = { environment, routes, definitions, indexes, pins, columns, samples, clock };
  const watch = watchHead(environment, reader);
  const writer = createGroupWriter({ environment, reader, routes, definitions, indexes, clock });
  const maintenance = createIndexMaintenance(environment, builder);
  const afterWrite = (): void => {
    const { tx, epoch } = writer.head() ?? readHead(environment, reader);
    maintenance.check(epoch);
    pins.renew();
    watch.note(tx);
    announce?.();
  };
  const queue = createCommitQueue(writer, afterWrite);
  // Processes that were killed leave their places in the table of readers, and hold what those saw.
  const space = watchSpace(environment, () => performance.now(), warn);
  space.check();
  // What a crash left half done goes on.
  maintenance.resume();

  const sweep = async (): Promise<number> => {
    const operations = dueRows(environment, routes, reader, clock());
    if (operations.length > 0) await queue.commit({ operations, writer: null });
    return operations.length;
  };
  const shareIndexUses = (): void => {
    try {
      indexes.uses.share();
    } catch {
      // They stay counted here until there is room.
    }
  };
  const timers = [
    setInterval(shareIndexUses, useInterval).unref(),
    // What fails here, a full disk say, is tried again the next time.
    setInterval(() => void sweep().catch(() => undefined), sweepInterval).unref(),
    // Definitions of other processes, and what failed.
    setInterval(maintenance.resume, sweepInterval).unref(),
    setInterval(space.check, spaceInterval).unref(),
  ];

  const store: LocalStore = {
    snapshot: () => openSnapshot(reading),
    commit: queue.commit,
    async load(request) {
      const result = writer.load(request);
      afterWrite();
      return result;
    },
    log: (fromTx, limit, counters) => readLog(environment, routes, reader, fromTx, limit, counters),
    onCommit: watch.listen,
    lookForCommits: watch.check,
    derived: (name) => createDerivedRows(environment, reader, name),
    admin: {
      prove(route, key) {
        const snapshot = openSnapshot(reading);
        try {
          return proveEntity(environment, routes, reader, snapshot, route, key);
        } finally {
          snapshot.release();
        }
      },
      verify: () => verifyStore(environment, routes, reader),
      rebuild,
      backup: (file) => writeBackup(truthOf(environment, reader), file, beneath.files),
      indexesSettled: maintenance.settled,
      samplesSettled: samples.settled,
      columnUse: columns.use,
      shareIndexUses,
      space: space.space,
    },
    async close() {
      queue.close();
      maintenance.stop();
      watch.stop();
      samples.stop();
      for (const timer of timers) clearInterval(timer);
      await columns.close();
      pins.close();
      if (indexes.uses.isUnshared()) shareIndexUses();
      await environment.close();
    },
  };
  return { store, environment, sweep };
}

/** Opens the store of a folder, making it when missing. NOT_AVAILABLE when a newer version wrote it. */
export function openLmdbStore(options: OpenOptions): LocalStore {
  return openStoreParts(options).store;
}
