import type { Store } from '@drops/store';
import { openEmbeddedTexts, type EmbeddedTexts } from './embed/embedded-texts.js';
import { createEmbedder } from './embed/create-embedder.js';
import type { EmbedderSettings } from './embed/embedder.js';
import { openTextIndex, type TextSearch } from './text/text-index.js';
import type { VectorType } from './vector/graph.js';
import { openVectorSearch } from './vector/open-vector-search.js';
import type { VectorSearch } from './vector/vector-index.js';

/** What a store can be searched by. */
export interface SearchIndexes {
  readonly text: TextSearch;
  readonly vectors: VectorSearch;
  /** Missing: texts are not embedded. */
  readonly embedded?: EmbeddedTexts | undefined;
  /** Answers when what is written is in the index of text and embedded, and what was searched so far is in its graphs. */
  settled(): Promise<void>;
  /** Before the store is closed. */
  close(): Promise<void>;
}

export interface SearchOptions {
  /** Folder of files that spare the next process work; missing: it does the work again. */
  readonly folder?: string | undefined;
  /** How graphs hold vectors. Default `f16`. */
  readonly vectorType?: VectorType | undefined;
  /** Bytes of graphs that are kept in memory; default 1 GiB, 0 for any number. */
  readonly vectorMemory?: number | undefined;
  /** Missing: only drops with vectors of their own are found by vector. */
  readonly embedder?: EmbedderSettings | undefined;
}

/** Opens the indexes of a store: they are derived from its log, and looked after as long as they are open. */
export function openSearch(
  store: Store,
  { folder, vectorType, vectorMemory, embedder }: SearchOptions = {},
): SearchIndexes {
  const text = openTextIndex(store);
  const vectors = openVectorSearch({ store, folder, type: vectorType, memory: vectorMemory });
  const embedded = embedder && openEmbeddedTexts(store, createEmbedder(embedder), vectors);
  return {
    text,
    vectors,
    embedded,
    async settled() {
      await text.settled();
      await embedded?.settled();
      await vectors.settled();
    },
    async close() {
      text.close();
      await embedded?.close();
      await vectors.close();
    },
  };
}
