import { isPostgresAddress } from './postgres/address.js';
import type { TruthSource, TruthTarget } from './truth.js';

/** The truth of a store by where it is: a folder, or the address of a database. */
export async function openSource(data: string): Promise<TruthSource> {
  if (isPostgresAddress(data)) return (await import('./postgres/truth.js')).openTruthSource(data);
  return (await import('./lmdb/truth.js')).openFolderSource(data);
}

/** A place for a new store. CONFLICT when something is there. */
export async function openTarget(data: string): Promise<TruthTarget> {
  if (isPostgresAddress(data)) return (await import('./postgres/truth.js')).openTruthTarget(data);
  return (await import('./lmdb/truth.js')).openFolderTarget(data);
}
