export type * from './hit.js';
export * from './fusion.js';
export * from './search-indexes.js';
export { highlight, type Highlights } from './text/highlight.js';
export type { TextRequest, TextSearch } from './text/text-index.js';
export type { RouteScope } from './text/part.js';
export type { TextMatches } from './text/rank.js';
export type * from './vector/vector-index.js';
