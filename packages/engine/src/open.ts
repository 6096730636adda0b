import { join } from 'node:path';
import { createMailer, createVault, secretInFolder } from '@drops/capabilities';
import type { SearchIndexes } from '@drops/search';
import type { Store } from '@drops/store';
import { filesBeside, isPostgresAddress } from '@drops/store/address';
import { createAccessCache } from './access/records.js';
import { automaticIndexLimits, createAutomaticIndexes } from './automatic-indexes.js';
import { runLoad, runWrites } from './bulk-writes.js';
import { runDrop, runEntity, runInvoke, runJsonQuery, runJsonSearch, runSql } from './doors.js';
import type { Engine, EngineOptions } from './engine.js';
import { answerText, execText } from './exec.js';
import { streamExport } from './export.js';
import type { Host } from './host.js';
import { createIdentities } from './identities.js';
import { createKeyGenerations } from './key-generations.js';
import { createPreparer } from './preparer.js';
import { streamText } from './stream.js';
import { vocabularyOf } from './vocabulary.js';

/** Where a server is when nobody says it. */
const localUrl = 'http://127.0.0.1:7700';
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
  // Graphs are caches of this machine: beside a folder of data, in memory alone over a database.
  const files = isPostgresAddress(options.data) ? {} : { folder: join(options.data, 'graphs') };
  return engineOver(store, openSearch(store, files), options);
}

/** Everything that answers statements over a store and its indexes of search; it closes both when it is closed. */
export function engineOver(store: Store, search: SearchIndexes, options: EngineOptions): Engine {
  const automaticIndexes = createAutomaticIndexes(store, automaticIndexLimits);
  const { files = filesBeside(options.data), signed = false, publicUrl } = options;
  const onFault = options.onFault ?? (() => undefined);
  const vault = createVault(() => options.secret ?? secretInFolder(files));
  const identities = createIdentities(store, vault, { signed, adminKeys: options.adminKeys ?? [] });
  const baseUrl = () => publicUrl ?? options.baseUrl?.() ?? localUrl;
  const host: Host = {
    store,
    access: { openZone: options.openZone ?? 'open' },
    accessCache: createAccessCache(),
    automaticIndexes,
    search,
    prepare: createPreparer(preparedTexts),
    optimise: options.optimise ?? true,
    paths: options.paths,
    limits: options.limits,
    publicUrl,
    keyGenerations: createKeyGenerations(options.clock ?? Date.now),
    surroundings: {
      store,
      vault,
      mailer: createMailer({
        smtpUrl: options.mail?.smtpUrl,
        from: options.mail?.from ?? 'Drops <no-reply@localhost>',
        outbox: join(files, 'outbox'),
        onFault,
      }),
      baseUrl: () => baseUrl().replace(/\/+$/, ''),
      callbacks: options.callbacks,
      signed,
      identitiesChanged: identities.forget,
    },
    onFault,
  };
  return {
    exec: async (text, exec = {}) => execText(host, text, exec),
    answer: (text, exec = {}) => answerText(host, text, exec),
    stream: (text, exec = {}) => streamText(host, text, exec),
    query: (body, exec = {}) => runJsonQuery(host, body, exec),
    search: (body, exec = {}) => runJsonSearch(host, body, exec),
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
    space: store.admin.space,
    async close() {
      automaticIndexes.stop();
      await search.close();
      await store.close();
    },
  };
}
