export { openLmdbStore } from './lmdb/open-lmdb-store.js';
export { restoreBackup } from './lmdb/restore.js';
export type * from './store.js';
export type * from './vectors.js';
export * from './columns.js';
export type * from './derived-rows.js';
