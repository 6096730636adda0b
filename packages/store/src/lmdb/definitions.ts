import { definitionRoutes, readPattern, type Json, type Pattern, type StoredDrop } from '@drops/ir';
import type { Definitions } from '../store.js';
import type { Reader } from './environment.js';

/** True for routes whose entities define the rest. */
export function isDefinitionRoute(route: string): boolean {
  return (
    route === definitionRoutes.patterns ||
    route === definitionRoutes.views ||
    route === definitionRoutes.indexes
  );
}

/** Patterns and views out of their records; `entities` gives the live entities of a route. */
export function readDefinitions(
  epoch: number,
  entities: (route: string) => Iterable<StoredDrop>,
): Definitions {
  const patterns = new Map<string, Pattern>();
  const views = new Map<string, Json>();
  for (const { key, payload } of entities(definitionRoutes.patterns)) {
    const pattern = key === null ? undefined : readPattern(key, payload);
    if (pattern) patterns.set(pattern.name, pattern);
  }
  for (const { key, payload } of entities(definitionRoutes.views)) if (key !== null) views.set(key, payload);
  return { epoch, patterns, views };
}

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
