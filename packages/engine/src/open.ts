import { join } from 'node:path';
import type { SearchIndexes } from '@drops/search';
import type { Store } from '@drops/store';
import { isPostgresAddress } from '@drops/store/address';
import { createAudit } from './access/audit.js';
import { createAccessCache } from './access/records.js';
import { automaticIndexLimits, createAutomaticIndexes } from './automatic-indexes.js';
import { runLoad, runWrites } from './bulk-writes.js';
import {
  runDrop,
  runEntity,
  runInvoke,
  runJsonPrimitives,
  runJsonQuery,
  runJsonSearch,
  runSql,
} from './doors.js';
import type { Engine, EngineOptions } from './engine.js';
import { answerText, execText } from './exec.js';
import { streamExport } from './export.js';
import type { Host } from './host.js';
import { createKeyGenerations } from './key-generations.js';
import { createPreparer } from './preparer.js';
import { streamText } from './stream.js';
import { surroundingsOf } from './surroundings.js';
import { vocabularyOf } from './vocabulary.js';

/** Texts whose compiled form is kept. */
const preparedTexts = 2000;

/** Opens the data of a folder and everything that answers statements over it. */
export async function open(options: EngineOptions): Promise<Engine> {
  // Only who opens a store loads lmdb: compiling starts without it.
  const { openStore } = await import('@drops/store');
  const store = await openStore({
    path: options.data,
    ...(options.clock && { clock: options.clock }),
    ...(options.durability && { durability: options.durability }),
    ...(options.announce && { announce: options.announce }),
    ...(options.warn && { warn: options.warn }),
  });
  const { openSearch } = await import('@drops/search');
  const { embedder, vectorType, vectorMemory } = options;
  // Graphs are caches of this machine: beside a folder of data, in memory alone over a database.
  const folder = isPostgresAddress(options.data) ? undefined : join(options.data, 'graphs');
  return engineOver(store, openSearch(store, { folder, embedder, vectorType, vectorMemory }), options);
}

/** Everything that answers statements over a store and its indexes of search; it closes both when it is closed. */
export function engineOver(store: Store, search: SearchIndexes, options: EngineOptions): Engine {
  const automaticIndexes = createAutomaticIndexes(
    store,
    // No route is large enough then.
    options.automaticIndexes === false ? { ...automaticIndexLimits, rows: Infinity } : automaticIndexLimits,
  );
  const audit = createAudit(store);
  const onFault = options.onFault ?? (() => undefined);
  const { identities, surroundings } = surroundingsOf(store, { ...options, onFault });
  const keyGenerations = createKeyGenerations(options.clock ?? Date.now, options.announceKey);
  const host: Host = {
    store,
    access: { openZone: options.openZone ?? 'open' },
    accessCache: createAccessCache(),
    audit,
    automaticIndexes,
    search,
    prepare: createPreparer(preparedTexts),
    optimise: options.optimise ?? true,
    paths: options.paths,
    limits: options.limits,
    publicUrl: options.publicUrl,
    keyGenerations,
    surroundings,
    onFault,
  };
  return {
    exec: async (text, exec = {}) => execText(host, text, exec),
    answer: (text, exec = {}) => answerText(host, text, exec),
    stream: (text, exec = {}) => streamText(host, text, exec),
    query: (body, exec = {}) => runJsonQuery(host, body, exec),
    search: (body, exec = {}) => runJsonSearch(host, body, exec),
    primitives: (body, exec = {}) => runJsonPrimitives(host, body, exec),
    sql: (body, exec = {}) => runSql(host, body, exec),
    drop: (body, exec = {}) => runDrop(host, body, exec),
    entity: (route, key, exec = {}) => runEntity(host, route, key, exec),
    export: (request, exec = {}) => streamExport(host, request, exec),
    write: (route, drops, exec = {}) => runWrites(host, route, drops, exec),
    load: (drops, exec = {}) => runLoad(host, drops, exec),
    invoke: (call, exec = {}) => runInvoke(host, call, exec),
    identify: identities.identify,
    admitOnce: identities.admitOnce,
    vocabulary: () => vocabularyOf(store),
    lookForCommits: store.lookForCommits,
    keyMadeElsewhere: keyGenerations.add,
    async settled() {
      await store.admin.indexesSettled();
      await store.admin.samplesSettled();
      await search.settled();
    },
    space: store.admin.space,
    async close() {
      automaticIndexes.stop();
      await audit.close();
      await search.close();
      await store.close();
    },
  };
}
