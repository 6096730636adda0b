import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '@drops/engine';
import { openSearch, type SearchIndexes } from '@drops/search';
import { openLmdbStore, type Store } from '@drops/store';
import { isObject, type Json } from '@drops/ir';
import type { TextDocument, TextPeer } from '../text-peer.js';

const statement = 'search texts $text top $top then pick key';
const batchRows = 1000;

function keysOf(body: Json): readonly string[] {
  const results = isObject(body) ? body['results'] : undefined;
  // A text without any word, `()=>`, is refused: nothing is found by it.
  if (!Array.isArray(results)) return [];
  return results.flatMap((row: Json) =>
    isObject(row) && typeof row['key'] === 'string' ? [row['key']] : [],
  );
}

const dropOf = ({ id, ...payload }: TextDocument) => ({ key: id, payload });

/** Bytes of what the text index keeps in a store. */
function indexBytes(store: Store): number {
  let bytes = 0;
  const rows = store.derived?.('text').range({ start: '', end: '\xff' }) ?? [];
  for (const { key, value } of rows) bytes += key.length + value.byteLength;
  return bytes;
}

/** Writes documents and waits until all of them are in segments. */
async function load(store: Store, search: SearchIndexes, documents: readonly TextDocument[]): Promise<void> {
  for (let i = 0; i < documents.length; i += batchRows) {
    const operations = documents
      .slice(i, i + batchRows)
      .map((document) => ({ kind: 'put', route: 'texts', ...dropOf(document) }) as const);
    await store.commit({ operations, writer: null });
  }
  await search.text.settled();
}

/** The index without the language: what the statement spends its time beside. */
export const dropsIndex: TextPeer = {
  name: 'Drops, index alone',
  setUp: 'the text index over a store; durability full; no statement, no drops fetched',
  async open({ folder, documents }) {
    const store = openLmdbStore({ path: join(folder, 'data') });
    const search = openSearch(store);
    if (documents) await load(store, search, documents);
    const scope = { route: 'texts', visible: () => true };
    const query = async (text: string, top: number) => {
      const snapshot = await store.snapshot();
      const request = { scope, text, count: top, read: () => undefined };
      const found = search.text.search(snapshot, request, false);
      const { hits } = found instanceof Promise ? await found : found;
      snapshot.release();
      return hits.flatMap(({ key }) => key ?? []);
    };
    return {
      query,
      fuzzy: query,
      async add(document) {
        const operation = { kind: 'put', route: 'texts', ...dropOf(document) } as const;
        await store.commit({ operations: [operation], writer: null });
        await query(document.id, 1);
      },
      bytes: () => indexBytes(store),
      async close() {
        await search.close();
        await store.close();
      },
    };
  },
};

/** The whole way: a statement with parameters, rights, plan, drops fetched, a reply. */
export const drops: TextPeer = {
  name: 'Drops',
  setUp: 'engine.exec(text, params) in process; durability full; the index is built beside the writes',
  async open({ folder, documents }) {
    if (documents) await (await dropsIndex.open({ folder, documents })).close();
    const engine = await open({ data: join(folder, 'data') });
    const query = async (text: string, top: number) =>
      keysOf((await engine.exec(statement, { params: { text, top } })).body);
    return {
      query,
      fuzzy: query,
      async add(document) {
        await engine.write('texts', [dropOf(document)]);
        await query(document.id, 1);
      },
      bytes: () => undefined,
      close: () => engine.close(),
    };
  },
};

/** Bytes of the files of a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(folder, entry.name)).size : 0),
    0,
  );
}
