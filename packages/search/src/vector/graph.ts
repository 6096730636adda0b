import type { Index } from 'usearch';
import { loadUsearch } from './usearch.js';

/** How a graph holds its vectors: half the memory of `f32`, or a quarter. What it finds is ranked by the stored floats. */
export type VectorType = 'f32' | 'f16' | 'i8';

/**
 * Candidates that a graph is asked for, by one that is wanted: enough for recall@10 ≥ 0.97 after they are ranked anew.
 * Measured on 100,000 clustered vectors of 384 dimensions.
 */
export const candidatesPerHit: { readonly [T in VectorType]: number } = { f32: 1, f16: 1.2, i8: 5 };

/** An HNSW graph (Malkov and Yashunin, arXiv 1603.09320) over vectors of length 1, each labelled with its tx. */
export interface Graph {
  readonly dimension: number;
  readonly type: VectorType;
  readonly size: () => number;
  /** About how much memory it takes. */
  readonly bytes: () => number;
  /** Vectors one after the other, as many as there are labels. */
  add(labels: readonly number[], vectors: Float32Array): void;
  remove(labels: readonly number[]): void;
  /** Labels of about the nearest vectors, nearest first. */
  nearest(query: Float32Array, count: number): readonly number[];
  save(file: string): void;
}

/** Neighbours of a node, and the candidates held while one is added and while one looks. */
const connectivity = 16;
const expansionAdd = 128;
const expansionSearch = 64;

/** Bytes of a number, and about those of a node with its neighbours: twice as many at the bottom, a list above now and then. */
const bytesOfNumber: { readonly [T in VectorType]: number } = { f32: 4, f16: 2, i8: 1 };
const bytesOfNode = 4 * 3 * connectivity + 64;

/** What graphs of other parameters must not be taken for. */
export const graphShape = `hnsw-ip-${connectivity}-${expansionAdd}`;

function newIndex(dimension: number, type: VectorType): Index | undefined {
  const usearch = loadUsearch();
  if (!usearch) return undefined;
  const { Index, MetricKind, ScalarKind } = usearch;
  const quantization = { f32: ScalarKind.F32, f16: ScalarKind.F16, i8: ScalarKind.I8 }[type];
  // Of vectors of length 1 the inner product is the cosine.
  return new Index({
    dimensions: dimension,
    metric: MetricKind.IP,
    quantization,
    connectivity,
    expansion_add: expansionAdd,
    expansion_search: expansionSearch,
    multi: false,
  });
}

function graphOf(index: Index, dimension: number, type: VectorType): Graph {
  return {
    dimension,
    type,
    size: () => index.size(),
    bytes: () => index.size() * (dimension * bytesOfNumber[type] + bytesOfNode),
    add(labels, vectors) {
      if (labels.length > 0) index.add(BigUint64Array.from(labels, BigInt), vectors);
    },
    remove(labels) {
      for (const label of labels) index.remove(BigInt(label));
    },
    nearest(query, count) {
      if (index.size() === 0) return [];
      return Array.from(index.search(query, Math.min(count, index.size()), 1).keys, Number);
    },
    save: (file) => index.save(file),
  };
}

/** A graph without vectors; undefined where the library has no binary for this machine. */
export function createGraph(dimension: number, type: VectorType): Graph | undefined {
  const index = newIndex(dimension, type);
  return index && graphOf(index, dimension, type);
}

/** A graph that `save` wrote; the library trusts what it reads, so the file is checked before. */
export function loadGraph(file: string, dimension: number, type: VectorType): Graph | undefined {
  const index = newIndex(dimension, type);
  index?.load(file);
  return index && graphOf(index, dimension, type);
}
