import type { Store } from '@drops/store';
import { openTextIndex, type TextSearch } from './text/text-index.js';
import type { VectorSearch } from './vector/vector-index.js';

/** What a store can be searched by. */
export interface SearchIndexes {
  readonly text: TextSearch;
  /** Missing where vectors are no part of it. */
  readonly vectors?: VectorSearch;
  close(): void;
}

/** Opens the indexes of a store: they are derived from its log, and looked after as long as they are open. */
export function openSearch(store: Store): SearchIndexes {
  const text = openTextIndex(store);
  return { text, close: () => text.close() };
}
