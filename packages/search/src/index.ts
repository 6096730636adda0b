export type * from './hit.js';
export * from './vector/open-vector-search.js';
export type { VectorType } from './vector/graph.js';
export type * from './vector/vector-index.js';
