export { clearLeftovers, openCacheFile, saveCacheFile } from './cache-file.js';
export { copyStore, type CopiedStore } from './copy-store.js';
export { openLmdbStore } from './lmdb/open-lmdb-store.js';
export { openStore } from './open-store.js';
export { restoreBackup } from './restore-backup.js';
export type * from './store.js';
export type * from './vectors.js';
export * from './columns.js';
export type * from './derived-rows.js';
