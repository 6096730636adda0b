import { join } from 'node:path';
import type { Store } from '@drops/store';
import { openTextIndex, type TextSearch } from './text/text-index.js';
import type { VectorType } from './vector/graph.js';
import { openVectorSearch, type OpenVectorSearch } from './vector/open-vector-search.js';

/** What a store can be searched by. */
export interface SearchIndexes {
  readonly text: TextSearch;
  readonly vectors: OpenVectorSearch;
  /** Before the store is closed. */
  close(): Promise<void>;
}

export interface SearchOptions {
  /** Folder of the data: graphs of vectors are kept in a folder of it. Missing: they are made anew by each process. */
  readonly data?: string | undefined;
  /** How graphs hold vectors. Default `f16`. */
  readonly vectorType?: VectorType | undefined;
}

/** Opens the indexes of a store: they are derived from its log, and looked after as long as they are open. */
export function openSearch(store: Store, { data, vectorType }: SearchOptions = {}): SearchIndexes {
  const text = openTextIndex(store);
  const folder = data === undefined ? undefined : join(data, 'vectors');
  const vectors = openVectorSearch({ store, folder, type: vectorType });
  return {
    text,
    vectors,
    async close() {
      text.close();
      await vectors.close();
    },
  };
}
