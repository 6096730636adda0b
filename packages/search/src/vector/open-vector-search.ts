import { fail } from '@drops/diagnostics';
import type { RouteVectors, Snapshot } from '@drops/store';
import { compareRows } from './compare-rows.js';
import { openGraphs, type GraphOptions } from './graphs.js';
import { keepNearest, type Candidate, type Nearest } from './nearest.js';
import { compareAll, compareThroughGraph } from './route-graph.js';
import type { VectorAnswer, VectorSearch } from './vector-index.js';

/** From so many vectors on a search goes through a graph; fewer are compared one by one (SEARCH-11, SEARCH-12). */
export const graphLimit = 500;
/** A search for more than this share of a route's vectors compares them all. */
const graphShare = 1 / 4;

/** Vector search over a store, which ends before its store does. */
export interface OpenVectorSearch extends VectorSearch {
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

/** Rounded to what 32-bit floats can tell: the cosine of a vector with itself is 1. */
const shownScore = (score: number): number => Math.round(score * 1e6) / 1e6;

const hitOf = ({ route, key, tx, score }: Candidate) => ({ route, key, tx, score: shownScore(score) });

function isWorthGraph(vectors: RouteVectors, count: number): boolean {
  return vectors.count >= graphLimit && count <= vectors.count * graphShare;
}

/** Opens the vector search of a store: one graph a route, made when the route is searched and has grown large enough. */
export function openVectorSearch(options: GraphOptions): OpenVectorSearch {
  const graphs = openGraphs(options);

  const compareRoute = async (
    snapshot: Snapshot,
    route: string,
    query: Float32Array,
    count: number,
    nearest: Nearest,
    counts: Counts,
  ): Promise<void> => {
    const vectors = snapshot.vectors?.(route);
    if (!vectors) {
      const { compared, others } = await compareRows(snapshot, route, query, nearest);
      counts.compared += compared;
      counts.total += compared;
      counts.any += compared + others;
      return;
    }
    if (vectors.dimension !== query.length) {
      counts.any += vectors.count;
      return;
    }
    const graph = isWorthGraph(vectors, count) ? graphs.of(snapshot, route, vectors) : undefined;
    const compared = graph
      ? compareThroughGraph(graph, vectors, query, snapshot, count, nearest)
      : compareAll(route, vectors, query, snapshot.now, nearest);
    counts.compared += compared;
    // Who looked at all of them also knows which have expired.
    const total = graph ? vectors.count : compared;
    counts.total += total;
    counts.any += total;
  };

  const search = async (
    snapshot: Snapshot,
    routes: readonly string[],
    query: Float32Array,
    count: number,
    seen?: Set<number>,
  ): Promise<VectorAnswer | undefined> => {
    const nearest = keepNearest(count, seen);
    const counts: Counts = { total: 0, any: 0, compared: 0 };
    for (const route of routes) await compareRoute(snapshot, route, query, count, nearest, counts);
    const { total, any, compared } = counts;
    if (any === 0) return undefined;
    if (total === 0) {
      fail('DIMENSION_MISMATCH', `the query has ${query.length} dimensions; no vector here has as many`);
    }
    const indexType = total >= graphLimit ? 'hnsw' : 'brute_force';
    return { hits: nearest.best().map(hitOf), compared, total, dimensions: query.length, indexType };
  };

  return { search, settled: graphs.settled, close: graphs.close };
}
