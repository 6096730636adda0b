import type { CopiedStore, InclusionProof, Store, VerifyReport } from '@drops/store';

async function withStore<T>(data: string, run: (store: Store) => T | Promise<T>): Promise<T> {
  const { openStore } = await import('@drops/store');
  const store = await openStore({ path: data });
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}

/** Recomputes every commitment and link of the chain of a store. */
export function verify(data: string): Promise<VerifyReport> {
  return withStore(data, (store) => store.admin.verify());
}

/** Proves that the newest version of an entity is in the chain of a store. NOT_FOUND, DELETED. */
export function prove(data: string, route: string, key: string): Promise<InclusionProof> {
  return withStore(data, (store) => store.admin.prove(route, key));
}

/** Drops everything derived in a store and makes it anew from its log. */
export function rebuild(data: string): Promise<{ readonly records: number }> {
  return withStore(data, (store) => store.admin.rebuild());
}

/** Copies the truth of a store to one file, also while a server writes to it. */
export function backup(data: string, file: string): Promise<{ readonly drops: number }> {
  return withStore(data, (store) => store.admin.backup(file));
}

/** Makes a store of a backup: same ids, tx, versions and history. Refuses a folder that holds data, and files that are no whole backup. */
export async function restore(file: string, data: string): Promise<{ readonly drops: number }> {
  const { restoreBackup } = await import('@drops/store');
  return restoreBackup(file, data);
}

/** Copies a store from one place to another, folders or databases, chain included. CONFLICT when something is at the target. */
export async function copy(from: string, to: string): Promise<CopiedStore> {
  const { copyStore } = await import('@drops/store');
  return copyStore(from, to);
}
