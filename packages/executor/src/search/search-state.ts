import type { Json } from '@drops/ir';
import type { SearchIndexes } from '@drops/search';
import type { SearchReport } from './find-hits.js';

/** What the search of a run needs, and what it tells. */
export interface SearchState {
  readonly indexes: SearchIndexes | undefined;
  /** The vector that came beside the statement. */
  readonly vector: Json | undefined;
  /** Set when the search has run. */
  report: SearchReport | undefined;
}
