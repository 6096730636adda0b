import { createHash, type Hash } from 'node:crypto';
import type { AccessPath, StoredDrop } from '@drops/ir';
import type { Snapshot } from '@drops/store';

/** Drops along an access path, in batches. */
async function* batchesOf(snapshot: Snapshot, path: AccessPath): AsyncGenerator<readonly StoredDrop[]> {
  const source = snapshot.run(path);
  if (!source) throw new Error(`the store does not take ${path.kind}`);
  for (;;) {
    const batch = await source.next();
    if (batch === null) return;
    yield batch;
  }
}

/** All drops along an access path. */
export async function drain(snapshot: Snapshot, path: AccessPath): Promise<readonly StoredDrop[]> {
  const drops: StoredDrop[] = [];
  for await (const batch of batchesOf(snapshot, path)) drops.push(...batch);
  return drops;
}

async function addRows(hash: Hash, snapshot: Snapshot, path: AccessPath): Promise<void> {
  hash.update(`${path.kind}\n`);
  for await (const batch of batchesOf(snapshot, path)) {
    for (const drop of batch) hash.update(`${JSON.stringify(drop)}\n`);
  }
}

/** The rows of each index of a route that is ready, in its order. */
async function addIndexes(hash: Hash, snapshot: Snapshot, route: string): Promise<void> {
  for (const { id, fields, state } of snapshot.indexes(route)) {
    if (state !== 'ready') continue;
    const order = { kind: 'values', fields: fields.length, descending: false } as const;
    await addRows(hash, snapshot, {
      kind: 'IndexScan',
      route,
      index: id,
      fields,
      equal: [],
      order,
      rows: 'all',
    });
  }
}

/** One hash over everything that a store answers: current rows, history, indexes, statistics, of every route. */
export async function answersOf(snapshot: Snapshot): Promise<string> {
  const hash = createHash('sha256');
  for (const route of snapshot.routes()) {
    hash.update(JSON.stringify([route, snapshot.statistics(route)]));
    await addRows(hash, snapshot, { kind: 'RouteScan', route, subtree: false, rows: 'all' });
    await addRows(hash, snapshot, { kind: 'HistoryScan', route, subtree: false, newestFirst: false });
    await addIndexes(hash, snapshot, route);
  }
  return hash.digest('hex');
}
