export type * from './hit.js';
export * from './vector/open-vector-search.js';
export type { VectorType } from './vector/graph.js';
export * from './fusion.js';
export * from './search-indexes.js';
export type { TextRequest, TextSearch } from './text/text-index.js';
export type { RouteScope } from './text/part.js';
export type { TextMatches } from './text/rank.js';
export type * from './vector/vector-index.js';
