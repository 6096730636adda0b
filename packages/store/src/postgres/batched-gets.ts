import type { Found } from '../store.js';
import { getEntities, getEntity } from './look-ups.js';
import type { View } from './view.js';

interface Waiting {
  readonly key: string;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks up entities for many statements at once. */
export interface BatchedGets {
  get(view: View, route: string, key: string): Promise<Found>;
}

/** Gets of one turn of the event loop, of one route at one state, share a statement. */
export function createBatchedGets(): BatchedGets {
  const batches = new Map<string, Waiting[]>();

  const answer = async (view: View, route: string, { key, resolve, reject }: Waiting): Promise<void> => {
    await getEntity(view, route, key).then(resolve, reject);
  };
  const run = async (view: View, route: string, waiting: readonly Waiting[]): Promise<void> => {
    const [only] = waiting;
    if (only && waiting.length === 1) return answer(view, route, only);
    try {
      const found = await getEntities(view, route, [...new Set(waiting.map(({ key }) => key))]);
      const missed: Waiting[] = [];
      for (const one of waiting) {
        const drop = found.get(one.key);
        if (drop) one.resolve(drop);
        else missed.push(one);
      }
      // Whether what is not there was removed is looked up for each: few ask for nothing.
      await Promise.all(missed.map((one) => answer(view, route, one)));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  };

  return {
    async get(view, route, key) {
      const { tx, now } = await view.at();
      const name = `${tx} ${now} ${route}`;
      return new Promise((resolve, reject) => {
        const waiting = { key, resolve, reject };
        const batch = batches.get(name);
        if (batch) return void batch.push(waiting);
        const made = [waiting];
        batches.set(name, made);
        setImmediate(() => {
          batches.delete(name);
          void run(view, route, made);
        });
      });
    },
  };
}
