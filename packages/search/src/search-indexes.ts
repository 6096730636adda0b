import type { Store } from '@drops/store';
import { openTextIndex, type TextSearch } from './text/text-index.js';
import { openVectorSearch } from './vector/open-vector-search.js';
import type { VectorSearch } from './vector/vector-index.js';

/** What a store can be searched by. */
export interface SearchIndexes {
  readonly text: TextSearch;
  readonly vectors: VectorSearch;
  close(): Promise<void>;
}

export interface SearchOptions {
  /** Folder of files that spare the next process work; missing: it does the work again. */
  readonly folder?: string;
}

/** Opens the indexes of a store: they are derived from its log, and looked after as long as they are open. */
export function openSearch(store: Store, { folder }: SearchOptions = {}): SearchIndexes {
  const text = openTextIndex(store);
  const vectors = openVectorSearch({ store, folder });
  return {
    text,
    vectors,
    close() {
      text.close();
      return vectors.close();
    },
  };
}
