import { publicIdOf } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Snapshot } from '@drops/store';
import { isKeyText } from './key-text.js';

/** Where handles lie: `@name` is the entity of that key, and belongs to its first writer. */
export const handlesRoute = '_handles';

const publicIdForm = /^[0-9a-f]{12}$/;

/** The public id of the first writer of a handle; undefined when there is no such handle. */
export async function holderOfHandle(snapshot: Snapshot, handle: string): Promise<string | undefined> {
  const live = await snapshot.get(handlesRoute, handle);
  if (live === undefined || live === 'deleted') return undefined;
  const path = {
    kind: 'HistoryScan',
    route: handlesRoute,
    subtree: false,
    key: handle,
    newestFirst: false,
  } as const;
  const source = snapshot.run(path, 1);
  try {
    const batch = await source?.next();
    return batch?.[0]?.source ?? undefined;
  } finally {
    source?.close();
  }
}

/** The handle of a public id: the first, in the order of their names, that it was the first to write. */
export async function handleOf(snapshot: Snapshot, publicId: string): Promise<string | undefined> {
  const source = snapshot.run({ kind: 'RouteScan', route: handlesRoute, subtree: false, rows: 'entities' });
  try {
    for (let batch = await source?.next(); batch; batch = await source?.next()) {
      for (const { key, source: writer } of batch) {
        if (key !== null && writer === publicId && (await holderOfHandle(snapshot, key)) === publicId)
          return key;
      }
    }
    return undefined;
  } finally {
    source?.close();
  }
}

/**
 * Whoever a text names, as a public id: a key, a public id, or a handle with or without its `@`. NOT_FOUND for a handle that
 * nobody holds.
 */
export async function principalOf(snapshot: Snapshot, text: string): Promise<string> {
  if (isKeyText(text)) return publicIdOf(text);
  if (publicIdForm.test(text)) return text;
  const handle = text.replace(/^@/, '');
  const holder = await holderOfHandle(snapshot, handle);
  return holder ?? fail('NOT_FOUND', `nobody holds the handle @${handle.slice(0, 60)}`);
}
