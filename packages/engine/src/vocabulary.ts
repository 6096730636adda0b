import { fieldsOfRoute } from '@drops/executor';
import type { Store } from '@drops/store';
import type { Vocabulary } from './engine.js';

/** What the store holds by name, for completion; each answer is of its moment. */
export async function vocabularyOf(store: Store): Promise<Vocabulary> {
  const snapshot = await store.snapshot();
  try {
    const fields = new Map<string, readonly string[]>();
    return {
      routes: snapshot.routes(),
      views: [...snapshot.definitions.views.keys()],
      async fields(route) {
        const known = fields.get(route);
        if (known) return known;
        const now = await store.snapshot();
        try {
          const found = await fieldsOfRoute(route, { store, snapshot: now, writer: null });
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
