import type { DerivedRows, StoredVector } from '@drops/store';
import type { VectorSource } from '../vector/vector-source.js';
import {
  embeddingKeys,
  headKey,
  makingPrefix,
  unpackCount,
  unpackHead,
  unpackVector,
  unpackVersion,
  type EmbeddingKeys,
} from './embedding-rows.js';

/** The vector of a version; undefined when its text is not there any more. */
function storedVector(
  rows: DerivedRows,
  keys: EmbeddingKeys,
  tx: number,
  value: Uint8Array,
): StoredVector | undefined {
  const { hash, key, expiresAt } = unpackVersion(value);
  const text = rows.get(keys.text(hash));
  return text && { tx, key, expiresAt, vector: unpackVector(text) };
}

/**
 * What an embedder has made, as vectors to search in. The rows are those of the newest state: what was replaced after a snapshot is not
 * there for it, and what is newer is left out.
 */
export function embeddingSource(rows: DerivedRows, embedder: string): VectorSource {
  return {
    name: 'embedded',
    of(snapshot, route) {
      const head = unpackHead(rows.get(headKey(embedder)));
      if (!head) return undefined;
      const keys = embeddingKeys(makingPrefix(embedder, head.making));
      const own = keys.vectors(route);
      return {
        reached: head.tx,
        origin: `${embedder}\0${head.making}`,
        vectors: {
          dimension: head.dimension,
          count: unpackCount(rows.get(keys.count(route))),
          get(tx) {
            const value = tx > snapshot.tx ? undefined : rows.get(keys.vector(own, tx));
            return value && storedVector(rows, keys, tx, value);
          },
          *after(tx) {
            const range = { start: keys.vector(own, tx + 1), end: keys.vector(own, snapshot.tx + 1) };
            for (const { key, value } of rows.range(range)) {
              const found = storedVector(rows, keys, keys.txOf(key), value);
              if (found) yield found;
            }
          },
        },
      };
    },
  };
}
