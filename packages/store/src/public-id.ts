import { createHash } from 'node:crypto';

/** Ids of the keys seen last: a server sees the same ones with every request. */
const known = new Map<string, string>();
const mostKnown = 10_000;

/** The public id of a key: the first 12 hex digits of the SHA-256 of its text. The key itself is never stored. */
export function publicIdOf(key: string): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= mostKnown) known.clear();
  const id = createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 12);
  known.set(key, id);
  return id;
}
