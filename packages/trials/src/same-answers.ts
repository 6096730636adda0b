import { createHash } from 'node:crypto';
import type { AccessPath, StoredDrop } from '@drops/ir';
import type { Snapshot } from '@drops/store';

/** All drops along an access path of a local store. */
export function drain(snapshot: Snapshot, path: AccessPath): readonly StoredDrop[] {
  const source = snapshot.run(path);
  if (!source) throw new Error(`the store does not take ${path.kind}`);
  const drops: StoredDrop[] = [];
  for (;;) {
    const batch = source.next();
    if (batch instanceof Promise) throw new Error('a local store answers at once');
    if (batch === null) return drops;
    drops.push(...batch);
  }
}

/** One hash over everything that a store answers: current rows, history, statistics, of every route. */
export function answersOf(snapshot: Snapshot): string {
  const hash = createHash('sha256');
  for (const route of snapshot.routes()) {
    const current = drain(snapshot, { kind: 'RouteScan', route, subtree: false, rows: 'all' });
    const history = drain(snapshot, { kind: 'HistoryScan', route, subtree: false, newestFirst: false });
    hash.update(JSON.stringify([route, snapshot.statistics(route), current, history]));
  }
  return hash.digest('hex');
}
