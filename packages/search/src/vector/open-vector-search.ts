import { fail } from '@drops/diagnostics';
import type { RouteVectors, Snapshot } from '@drops/store';
import type { Hit } from '../hit.js';
import { compareRows, type RowCounts } from './compare-rows.js';
import { openGraphs, type GraphOptions } from './graphs.js';
import { keepNearest, type Candidate, type Nearest } from './nearest.js';
import { compareAll, compareThroughGraph } from './route-graph.js';
import type { VectorAnswer, VectorSearch } from './vector-index.js';
import { ownVectors, type VectorSource } from './vector-source.js';

/** From so many vectors on a search goes through a graph; fewer are compared one by one (SEARCH-11, SEARCH-12). */
export const graphLimit = 500;
/** A search for more than this share of a route's vectors compares them all. */
const graphShare = 1 / 4;

/** Vector search over a store, which ends before its store does. */
export interface OpenVectorSearch extends VectorSearch {
  /** As `search`, among the vectors of another source; undefined also where none has the dimension of the query. */
  searchSource(
    source: VectorSource,
    ...request: Parameters<VectorSearch['search']>
  ): VectorAnswer | undefined;
  /** Answers when what was searched so far is in its graphs, and those on disk. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Counts {
  /** Vectors of the query's dimension. */
  total: number;
  /** Vectors of any dimension. */
  any: number;
  compared: number;
}

function countRows(counts: Counts, { compared, others }: RowCounts): void {
  counts.compared += compared;
  counts.total += compared;
  counts.any += compared + others;
}

/** Rounded to what 32-bit floats can tell: the cosine of a vector with itself is 1. */
const shownScore = (score: number): number => Math.round(score * 1e6) / 1e6;

const hitOf = ({ route, key, tx, score }: Candidate) => ({ route, key, tx, score: shownScore(score) });

function isWorthGraph(vectors: RouteVectors, count: number): boolean {
  return vectors.count >= graphLimit && count <= vectors.count * graphShare;
}

/** Opens the vector search of a store: one graph a route, made when the route is searched and has grown large enough. */
export function openVectorSearch(options: GraphOptions): OpenVectorSearch {
  const graphs = openGraphs(options);

  /** Compares the query with what a source has of a route; false where it has nothing to say of it. */
  const compareRoute = (
    source: VectorSource,
    snapshot: Snapshot,
    route: string,
    query: Float32Array,
    count: number,
    nearest: Nearest,
    counts: Counts,
  ): boolean => {
    const found = source.of(snapshot, route);
    if (!found) return false;
    const { vectors } = found;
    if (vectors.dimension !== query.length) {
      counts.any += vectors.count;
      return true;
    }
    const graph = isWorthGraph(vectors, count) ? graphs.of(snapshot, source, route, found) : undefined;
    const compared = graph
      ? compareThroughGraph(graph, found, query, snapshot, count, nearest)
      : compareAll(route, vectors, query, snapshot.now, nearest);
    counts.compared += compared;
    // Who looked at all of them also knows which have expired.
    const total = graph ? vectors.count : compared;
    counts.total += total;
    counts.any += total;
    return true;
  };

  const answerOf = (hits: readonly Hit[], { total, compared }: Counts, dimensions: number): VectorAnswer => ({
    hits,
    compared,
    total,
    dimensions,
    indexType: total >= graphLimit ? 'hnsw' : 'brute_force',
  });

  return {
    async search(snapshot, routes, query, count, seen) {
      const nearest = keepNearest(count, seen);
      const counts: Counts = { total: 0, any: 0, compared: 0 };
      for (const route of routes) {
        if (compareRoute(ownVectors, snapshot, route, query, count, nearest, counts)) continue;
        countRows(counts, await compareRows(snapshot, route, query, nearest));
      }
      if (counts.any === 0) return undefined;
      if (counts.total === 0) {
        fail('DIMENSION_MISMATCH', `the query has ${query.length} dimensions; no vector here has as many`);
      }
      return answerOf(nearest.best().map(hitOf), counts, query.length);
    },
    searchSource(source, snapshot, routes, query, count, seen) {
      const nearest = keepNearest(count, seen);
      const counts: Counts = { total: 0, any: 0, compared: 0 };
      for (const route of routes) compareRoute(source, snapshot, route, query, count, nearest, counts);
      return counts.total === 0 ? undefined : answerOf(nearest.best().map(hitOf), counts, query.length);
    },
    settled: graphs.settled,
    close: graphs.close,
  };
}
