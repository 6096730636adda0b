import type { AccessPath, StoredDrop } from '@drops/ir';
import type { Found, Snapshot } from '@drops/store';

/** Thrown where a decision needs a record that is still on its way from another machine. */
class Wanted extends Error {
  readonly arrival: Promise<void>;

  constructor(arrival: Promise<void>) {
    super('a record that is not at hand yet');
    this.arrival = arrival;
  }
}

/** Reads of one state that answer at once: what is not at hand is fetched, and the decision made again (`decided`). */
export interface Reads {
  readonly snapshot: Snapshot;
  get(route: string, key: string): Found;
  /** The first drop of an access path. */
  first(path: AccessPath): StoredDrop | undefined;
}

/** A read that is memoised only where it has to be waited for. */
function atHand<T>(
  fetched: Map<string, { readonly value: T }>,
  name: () => string,
  read: () => T | Promise<T>,
): T {
  const known = fetched.size > 0 ? fetched.get(name()) : undefined;
  if (known) return known.value;
  const found = read();
  if (!(found instanceof Promise)) return found;
  throw new Wanted(found.then((value) => void fetched.set(name(), { value })));
}

export function createReads(snapshot: Snapshot): Reads {
  const drops = new Map<string, { readonly value: Found }>();
  const firsts = new Map<string, { readonly value: StoredDrop | undefined }>();
  return {
    snapshot,
    get: (route, key) =>
      atHand(
        drops,
        () => JSON.stringify([route, key]),
        () => snapshot.get(route, key),
      ),
    first: (path) =>
      atHand(
        firsts,
        () => JSON.stringify(path),
        () => {
          const source = snapshot.run(path, 1);
          const batch = source?.next();
          if (!(batch instanceof Promise)) {
            source?.close();
            return batch?.[0];
          }
          return batch.then((drops) => drops?.[0]).finally(() => source?.close());
        },
      ),
  };
}

/** A decision over `Reads`: at once, or where records have to be fetched as soon as they are there. */
export function decided<T>(decide: () => T): T | Promise<T> {
  try {
    return decide();
  } catch (thrown) {
    if (thrown instanceof Wanted) return thrown.arrival.then(() => decided(decide));
    throw thrown;
  }
}
