export type * from './hit.js';
export type * from './vector/vector-index.js';
