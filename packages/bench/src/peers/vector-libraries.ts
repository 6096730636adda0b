import { createRequire } from 'node:module';
import type * as usearchTypes from 'usearch';
import { Absent } from '../system.js';

/** A library of nearest neighbours, measured by hand beside ours: labels and nothing else. */
export interface VectorLibrary {
  readonly name: string;
  add(label: number, vector: Float32Array): void;
  nearest(query: Float32Array, count: number): readonly number[];
}

const require = createRequire(import.meta.url);

/** Neighbours of a node, and the candidates held while one is added and while one looks: as our graphs have them. */
const shape = { connectivity: 16, expansionAdd: 128, expansionSearch: 64 } as const;

/** usearch as its README shows it: vectors as they are, 32-bit floats, cosine. */
export function rawUsearch(dimension: number): VectorLibrary {
  const { Index, MetricKind, ScalarKind }: typeof usearchTypes = require('usearch');
  const index = new Index({
    dimensions: dimension,
    metric: MetricKind.Cos,
    quantization: ScalarKind.F32,
    connectivity: shape.connectivity,
    expansion_add: shape.expansionAdd,
    expansion_search: shape.expansionSearch,
    multi: false,
  });
  return {
    name: 'usearch raw, f32',
    add: (label, vector) => index.add(BigInt(label), vector),
    nearest: (query, count) => Array.from(index.search(query, count, 1).keys, Number),
  };
}

/** Every vector compared, by usearch's own loops. */
export function exactUsearch(vectors: Float32Array, dimension: number): VectorLibrary {
  const { exactSearch, MetricKind }: typeof usearchTypes = require('usearch');
  return {
    name: 'usearch exact, f32',
    add: () => undefined,
    nearest: (query, count) =>
      Array.from(exactSearch(vectors, query, dimension, count, MetricKind.Cos, 1).keys.values(), Number),
  };
}

interface HnswlibIndex {
  initIndex(options: { maxElements: number; m: number; efConstruction: number }): void;
  setEf(ef: number): void;
  addPoint(point: readonly number[], label: number): void;
  searchKnn(query: readonly number[], count: number): { readonly neighbors: readonly number[] };
}
interface Hnswlib {
  readonly HierarchicalNSW: new (space: 'cosine', dimension: number) => HnswlibIndex;
}

/** hnswlib by its binding for Node, which takes plain arrays. Absent where it is not compiled. */
export function hnswlibNode(dimension: number, capacity: number): VectorLibrary {
  let library: Hnswlib;
  try {
    library = require('hnswlib-node');
  } catch {
    throw new Absent('hnswlib-node is not compiled');
  }
  const index = new library.HierarchicalNSW('cosine', dimension);
  index.initIndex({ maxElements: capacity, m: shape.connectivity, efConstruction: shape.expansionAdd });
  index.setEf(shape.expansionSearch);
  return {
    name: 'hnswlib-node',
    add: (label, vector) => index.addPoint([...vector], label),
    nearest: (query, count) => index.searchKnn([...query], count).neighbors,
  };
}
