import type { Snapshot } from '@drops/store';
import type { Hit } from '../hit.js';

/** What a search by vector found, and what its reply tells. */
export interface VectorAnswer {
  /**
   * Best first, ties by tx; the score is the cosine, to six decimals. Fewer than were asked for: there are no more, so
   * that who filters asks again with a larger count until then.
   */
  readonly hits: readonly Hit[];
  /** How many vectors were compared with the query; of those that the graph passed over only its candidates count. */
  readonly compared: number;
  /** How many vectors of the query's dimension there are on the routes. */
  readonly total: number;
  readonly dimensions: number;
  readonly indexType: 'hnsw' | 'brute_force';
}

/** Vectors of live drops by their cosine to a query. */
export interface VectorSearch {
  /**
   * The `count` nearest vectors of the query's dimension on these routes (not those below them), as of the snapshot: every
   * acknowledged write is seen. `query` has length 1 (`unitVector` of ir).
   * `seen` gets the txs of what was compared.
   * undefined when the routes hold no vector at all; DIMENSION_MISMATCH when none has the dimension of the query.
   */
  search(
    snapshot: Snapshot,
    routes: readonly string[],
    query: Float32Array,
    count: number,
    seen?: Set<number>,
  ): Promise<VectorAnswer | undefined>;
}
