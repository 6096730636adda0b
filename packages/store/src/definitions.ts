import { definitionRoutes, readPattern, type Json, type Pattern, type StoredDrop } from '@drops/ir';
import type { Definitions } from './store.js';

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
