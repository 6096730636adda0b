import { compareStrings, isObject } from '@drops/ir';
import type { Snapshot, Store } from '@drops/store';
import type { Vocabulary } from './engine.js';

/** Top-level fields of the first drops of a route, most frequent first. */
export function fieldsOf(snapshot: Snapshot, route: string): readonly string[] {
  const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
  const batch = source?.next();
  source?.close();
  if (!Array.isArray(batch)) return [];
  const counts = new Map<string, number>();
  for (const { payload } of batch) {
    if (!isObject(payload)) continue;
    for (const name of Object.keys(payload)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || compareStrings(a[0], b[0])).map(([name]) => name);
}

/** What the store holds by name, for completion; each answer is of its moment. */
export function vocabularyOf(store: Store): Vocabulary {
  const snapshot = store.snapshot();
  try {
    const fields = new Map<string, readonly string[]>();
    return {
      routes: snapshot.routes(),
      views: [...snapshot.definitions.views.keys()],
      fields(route) {
        const known = fields.get(route);
        if (known) return known;
        const now = store.snapshot();
        try {
          const found = fieldsOf(now, route);
          fields.set(route, found);
          return found;
        } finally {
          now.release();
        }
      },
    };
  } finally {
    snapshot.release();
  }
}
