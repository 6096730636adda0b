import { dotProduct, isVector, unitVector, vectorIn } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import type { Nearest } from './nearest.js';

/** The vectors of a route that were compared, and those of other dimensions. */
export interface RowCounts {
  compared: number;
  others: number;
}

/**
 * Compares the query with the vectors in the rows of a route: for states of the past, and for stores that keep no
 * vectors of their own. Slow, and true.
 */
export async function compareRows(
  snapshot: Snapshot,
  route: string,
  query: Float32Array,
  nearest: Nearest,
): Promise<RowCounts> {
  const counts: RowCounts = { compared: 0, others: 0 };
  const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
  if (!source) return counts;
  try {
    for (;;) {
      const batch = await source.next();
      if (batch === null) return counts;
      for (const { payload, key, tx } of batch) {
        const found = vectorIn(payload);
        if (!found || !isVector(found)) continue;
        if (found.length !== query.length) {
          counts.others += 1;
          continue;
        }
        counts.compared += 1;
        nearest.compared(tx);
        const score = dotProduct(query, unitVector(found));
        if (nearest.wants(score)) nearest.add({ route, key, tx, score });
      }
    }
  } finally {
    source.close();
  }
}
