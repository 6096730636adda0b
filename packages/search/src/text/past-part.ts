import type { Snapshot, BatchSource } from '@drops/store';
import { createMemoryPart } from './memory-part.js';
import { isWithin, type Part, type RouteScope } from './part.js';

const accessKey = '_access';

async function addAll(
  source: BatchSource,
  take: (drops: NonNullable<Awaited<ReturnType<BatchSource['next']>>>) => void | Promise<void>,
): Promise<void> {
  try {
    for (;;) {
      const drops = await source.next();
      if (drops === null) return;
      await take(drops);
    }
  } finally {
    source.close();
  }
}

/**
 * The documents of a state of the past, which no index knows: they are read and taken apart for this one search.
 * `read` is told how many drops were read, may make it wait, and may refuse to go on.
 */
export async function pastPart(
  snapshot: Snapshot,
  { route, visible }: RouteScope,
  read: (drops: number) => void | Promise<void>,
): Promise<Part> {
  const part = createMemoryPart();
  for (const path of snapshot.routes(route)) {
    if (!isWithin(path, route) || !visible(path)) continue;
    const source = snapshot.run({ kind: 'RouteScan', route: path, subtree: false, rows: 'all' });
    if (!source) continue;
    await addAll(source, async (drops) => {
      await read(drops.length);
      for (const { key, tx, payload } of drops) {
        if (key !== accessKey) part.add({ route: path, key, tx }, payload);
      }
    });
  }
  return part;
}
