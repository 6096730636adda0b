import type { Pattern, StoredDrop } from '@drops/ir';
import { readDefinitions } from '../definitions.js';
import type { Definitions } from '../store.js';
import type { Reader } from './reader.js';

/** The newest definitions, read again when the epoch has moved, by whichever process. */
export interface DefinitionsCache {
  at(reader: Reader, epoch: number, now: number): Definitions;
  patterns(reader: Reader, epoch: number, now: number): ReadonlyMap<string, Pattern>;
}

/** A cache that reads with `entities`: the live entities of a route at a time. */
export function createDefinitionsCache(
  entities: (reader: Reader, route: string, now: number) => Iterable<StoredDrop>,
): DefinitionsCache {
  let held: Definitions = { epoch: 0, patterns: new Map(), views: new Map() };
  let perishable = false;

  const at = (reader: Reader, epoch: number, now: number): Definitions => {
    // A definition with a life span may end between two commits.
    if (held.epoch === epoch && !perishable) return held;
    perishable = false;
    held = readDefinitions(epoch, function* (route) {
      for (const drop of entities(reader, route, now)) {
        if (drop.expires_at !== undefined) perishable = true;
        yield drop;
      }
    });
    return held;
  };
  return { at, patterns: (reader, epoch, now) => at(reader, epoch, now).patterns };
}
