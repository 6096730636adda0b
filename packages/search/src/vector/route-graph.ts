import { dotProduct } from '@drops/ir';
import type { RouteVectors, Snapshot, StoredVector } from '@drops/store';
import type { SourceVectors, VectorSource } from './vector-source.js';
import { candidatesPerHit, createGraph, type Graph, type VectorType } from './graph.js';
import { keepNearest, type Nearest } from './nearest.js';

/** A graph over the vectors of a route up to a tx. Those after it are compared one by one until the graph has them too. */
export interface RouteGraph {
  readonly source: VectorSource;
  /** What its vectors are of that source. */
  readonly origin: string;
  readonly route: string;
  readonly graph: Graph;
  /** Vectors up to this tx are in the graph. */
  tx: number;
  /** Additions since the graph was last saved. */
  unsaved: number;
  /** The graph that takes its place as soon as it holds as much: most of this one's vectors are gone. */
  next: RouteGraph | undefined;
}

/** A route's graph that holds nothing yet; undefined where the library has no binary for this machine. */
export function emptyRouteGraph(
  source: VectorSource,
  route: string,
  { origin, vectors }: SourceVectors,
  type: VectorType,
): RouteGraph | undefined {
  const graph = createGraph(vectors.dimension, type);
  return graph && { source, origin, route, graph, tx: 0, unsaved: 0, next: undefined };
}

/** Vectors that are handed to the library together. */
const batch = 64;

/**
 * Brings a graph nearer to all vectors of its route, for about `slice` ms; true when it is there. Vectors that are gone
 * stay in it: a search that meets one removes it.
 */
export function growGraph(own: RouteGraph, { vectors, reached }: SourceVectors, slice: number): boolean {
  const { graph } = own;
  const deadline = performance.now() + slice;
  const rows = new Float32Array(batch * graph.dimension);
  let labels: number[] = [];
  const flush = (): void => {
    graph.add(labels, rows.subarray(0, labels.length * graph.dimension));
    own.tx = labels.at(-1) ?? own.tx;
    own.unsaved += labels.length;
    labels = [];
  };
  for (const { tx, vector } of vectors.after(own.tx)) {
    rows.set(vector, labels.length * graph.dimension);
    labels.push(tx);
    if (labels.length < batch) continue;
    flush();
    if (performance.now() >= deadline) return false;
  }
  flush();
  own.tx = Math.max(own.tx, reached);
  return true;
}

function offer(
  nearest: Nearest,
  route: string,
  query: Float32Array,
  row: StoredVector,
  now: number,
): boolean {
  if (row.expiresAt !== 0 && row.expiresAt <= now) return false;
  const score = dotProduct(query, row.vector);
  nearest.compared(row.tx);
  if (nearest.wants(score)) nearest.add({ route, key: row.key, tx: row.tx, score });
  return true;
}

/** Compares the query with every vector of a route after a tx. */
export function compareAll(
  route: string,
  vectors: RouteVectors,
  query: Float32Array,
  now: number,
  nearest: Nearest,
  after = 0,
): number {
  let compared = 0;
  for (const row of vectors.after(after)) if (offer(nearest, route, query, row, now)) compared += 1;
  return compared;
}

/**
 * The nearest `count` through the graph: its candidates are ranked by the stored vectors, and asked for again, more of
 * them, while too many turn out to be gone.
 */
export function compareThroughGraph(
  { route, graph, tx }: RouteGraph,
  { vectors, reached }: SourceVectors,
  query: Float32Array,
  snapshot: Snapshot,
  count: number,
  nearest: Nearest,
): number {
  const { now } = snapshot;
  let wanted = Math.ceil(count * candidatesPerHit[graph.type]);
  for (;;) {
    const labels = graph.nearest(query, wanted);
    const found = keepNearest(count);
    const gone: number[] = [];
    let compared = 0;
    for (const label of labels) {
      const row = vectors.get(label);
      if (row && offer(found, route, query, row, now)) compared += 1;
      // What is newer than the snapshot is not gone.
      else if (!row && label <= snapshot.tx) gone.push(label);
    }
    graph.remove(gone);
    const exhausted = labels.length < wanted;
    if (compared < count && !exhausted) {
      wanted *= 2;
      continue;
    }
    // A graph may have lost the way to some of its vectors.
    if (compared < count && compared < vectors.count) return compareAll(route, vectors, query, now, nearest);
    for (const candidate of found.best()) nearest.add(candidate);
    const isWhole = tx >= Math.min(reached, snapshot.tx);
    return isWhole ? compared : compared + compareAll(route, vectors, query, now, nearest, tx);
  }
}
