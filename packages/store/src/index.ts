export { copyStore, type CopiedStore } from './copy-store.js';
export { openLmdbStore } from './lmdb/open-lmdb-store.js';
export { openStore } from './open-store.js';
export { isPostgresAddress, shownAddress } from './postgres/address.js';
export { restoreBackup } from './restore-backup.js';
export type * from './store.js';
export * from './columns.js';
export type * from './derived-rows.js';
