import { fail } from '@drops/diagnostics';
import type { OpenOptions, Store } from '../store.js';
import { createCommitQueue } from './commit-queue.js';
import { createDefinitionsCache } from './definitions.js';
import { defaultMapSize, openEnvironment, readerOf } from './environment.js';
import { readLog, watchHead } from './feed.js';
import { rebuildStore } from './rebuild.js';
import { createRoutes } from './routes.js';
import { createSnapshots, entitiesOf } from './snapshot.js';
import { verifyStore } from './verify.js';

/** Opens the store of a folder, making it when missing. */
export function openLmdbStore(options: OpenOptions): Store {
  const { path, clock = Date.now, durability = 'full', mapSize = defaultMapSize } = options;
  const environment = openEnvironment({ path, durability, mapSize });
  const routes = createRoutes(environment);
  const definitions = createDefinitionsCache((reader, route, now) =>
    entitiesOf({ environment, routes, reader, tx: 0, now, past: false }, route),
  );
  const snapshots = createSnapshots({ environment, routes, definitions, clock });
  const reader = readerOf();
  const watch = watchHead(environment, reader);
  const queue = createCommitQueue({ environment, reader, routes, definitions, clock }, watch.check);
  return {
    snapshot: snapshots.open,
    commit: queue.commit,
    log: (fromTx, limit) => readLog(environment, routes, reader, fromTx, limit),
    onCommit: watch.listen,
    admin: {
      verify: () => verifyStore(environment, routes, reader),
      rebuild: () => rebuildStore(environment, reader),
      backup: () => fail('NOT_AVAILABLE', 'backup comes with the next commit'),
    },
    async close() {
      queue.close();
      watch.stop();
      snapshots.releaseAll();
      await environment.close();
    },
  };
}
