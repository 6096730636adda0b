import { isPostgresAddress } from './postgres/address.js';
import type { OpenOptions, Store } from './store.js';

/** Opens the store of a folder, or of a database where the path is its address. NOT_AVAILABLE, STORE_UNREACHABLE. */
export async function openStore(options: OpenOptions): Promise<Store> {
  // Each loads a library that the other one does without.
  if (isPostgresAddress(options.path)) {
    return (await import('./postgres/open-postgres-store.js')).openPostgresStore(options);
  }
  return (await import('./lmdb/open-lmdb-store.js')).openLmdbStore(options);
}
