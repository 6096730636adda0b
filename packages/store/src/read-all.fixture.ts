import type { AccessPath, StoredDrop } from '@drops/ir';
import type { Snapshot, Store } from './store.js';

/** All drops along a path. */
export async function readAll(snapshot: Snapshot, path: AccessPath): Promise<readonly StoredDrop[]> {
  const source = snapshot.run(path);
  if (!source) throw new Error(`the store does not take ${path.kind}`);
  const drops: StoredDrop[] = [];
  for (;;) {
    const batch = await source.next();
    if (batch === null) return drops;
    drops.push(...batch);
  }
}

/** The drops without what two stores never share: their random ids. */
export function withoutIds(drops: readonly StoredDrop[]): readonly Omit<StoredDrop, 'drop_id'>[] {
  return drops.map(({ drop_id: _, ...rest }) => rest);
}

/** Everything that a store shows of its routes, now and as of some txs. */
export async function everythingOf(store: Store, txs: readonly number[] = []): Promise<unknown> {
  const snapshot = await store.snapshot();
  try {
    const routes = await Promise.all(
      snapshot.routes().map(async (route) => {
        const scan = { kind: 'RouteScan', route, subtree: false, rows: 'all' } as const;
        const history = { kind: 'HistoryScan', route, subtree: false, newestFirst: false } as const;
        const live = await readAll(snapshot, scan);
        const keys = (await readAll(snapshot, history)).flatMap(({ key }) => key ?? []);
        return {
          route,
          statistics: snapshot.statistics(route),
          live: withoutIds(live),
          history: withoutIds(await readAll(snapshot, history)),
          gets: await Promise.all(
            [...new Set(keys)].map(async (key) => withoutId(await snapshot.get(route, key))),
          ),
          past: await Promise.all(txs.map(async (tx) => withoutIds(await readAll(snapshot.asOf(tx), scan)))),
        };
      }),
    );
    return { tx: snapshot.tx, routes };
  } finally {
    snapshot.release();
  }
}

const withoutId = (found: StoredDrop | 'deleted' | undefined): unknown =>
  typeof found === 'object' ? withoutIds([found])[0] : (found ?? 'nothing');
