import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore, type Snapshot, type Store } from '@drops/store';
import { afterEach } from 'vitest';
import type { TextMatches } from './rank.js';
import { openTextIndex, type TextSearch } from './text-index.js';

const opened: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A store in a folder of its own, with a text index; both go with the test. */
export interface TestIndex {
  readonly store: Store;
  readonly index: () => TextSearch;
  /** Closes the index and opens another one, as a process that is started again does. */
  reopen(): void;
  put(route: string, key: string | null, payload: unknown): Promise<number>;
  remove(route: string, key: string): Promise<unknown>;
  /** The keys of what is found (`route/tx` of events), best first. */
  find(route: string, text: string, options?: FindOptions): Promise<readonly string[]>;
  matches(route: string, text: string, options?: FindOptions): Promise<TextMatches>;
  snapshot(): Snapshot;
}

export interface FindOptions {
  readonly count?: number;
  readonly visible?: (route: string) => boolean;
  readonly snapshot?: Snapshot;
  readonly past?: boolean;
}

/** Opens a store of this kind of machine: it answers at once. */
function snapshotOf(store: Store): Snapshot {
  const snapshot = store.snapshot();
  if (snapshot instanceof Promise) throw new TypeError('the store of a test answers at once');
  return snapshot;
}

export function openTestIndex(clock?: () => number): TestIndex {
  const path = mkdtempSync(join(tmpdir(), 'drops-text-'));
  const store = openLmdbStore({ path, ...(clock && { clock }) });
  let index = openTextIndex(store);
  opened.push(() => rmSync(path, { recursive: true, force: true }));
  opened.push(() => store.close());
  opened.push(() => index.close());

  const matches: TestIndex['matches'] = async (route, text, options = {}) => {
    const { count = 100, visible = () => true, past = false } = options;
    const snapshot = options.snapshot ?? snapshotOf(store);
    try {
      const request = { scope: { route, visible }, text, count, read: () => undefined };
      return await index.search(snapshot, request, past);
    } finally {
      if (!options.snapshot) snapshot.release();
    }
  };
  return {
    store,
    index: () => index,
    reopen() {
      index.close();
      index = openTextIndex(store);
    },
    async put(route, key, payload) {
      const operation = { kind: 'put', route, key, payload: JSON.parse(JSON.stringify(payload)) } as const;
      return (await store.commit({ operations: [operation], writer: null })).tx;
    },
    remove: (route, key) => store.commit({ operations: [{ kind: 'delete', route, key }], writer: null }),
    async find(route, text, options) {
      const { hits } = await matches(route, text, options);
      return hits.map((hit) => hit.key ?? `${hit.route}/${hit.tx}`);
    },
    matches,
    snapshot: () => snapshotOf(store),
  };
}
