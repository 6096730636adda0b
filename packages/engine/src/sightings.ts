import type { ShapeLiteral } from '@drops/syntax';

/** Counts how often texts came. */
export interface Sightings {
  /** How often this text was seen, this time included. */
  count(text: string, literals: readonly ShapeLiteral[]): number;
}

/** Counts of a text that may be remembered: as many as its byte holds. */
const mostCounted = 255;

/** A hash of what stands at the literals of a text. */
function hashOf(text: string, literals: readonly ShapeLiteral[]): number {
  let hash = 0;
  for (const { start, end } of literals) {
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ end, 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

/**
 * Counts about as many texts as `capacity` by a hash of their literals, then begins anew. Two texts may share a count, which
 * only makes one of them known earlier. Nothing is kept of a text, so those that come once leave no garbage.
 */
export function createSightings(capacity: number): Sightings {
  const size = 2 ** Math.ceil(Math.log2(capacity * 8));
  const counts = new Uint8Array(size);
  let counted = 0;
  return {
    count(text, literals) {
      if (counted >= capacity) {
        counts.fill(0);
        counted = 0;
      }
      const at = hashOf(text, literals) & (size - 1);
      const before = counts[at] ?? 0;
      if (before === 0) counted += 1;
      const now = Math.min(before + 1, mostCounted);
      counts[at] = now;
      return now;
    },
  };
}
