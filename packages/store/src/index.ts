export { openLmdbStore } from './lmdb/open-lmdb-store.js';
export type * from './store.js';
