import { definitionRoutes } from '@drops/ir';
import type { Environment } from '../environment.js';
import { readerOf } from '../reader.js';
import { createIndexBuilder, type IndexBuilder } from './index-builder.js';
import { createIndexRegistry } from './index-registry.js';
import type { Routes } from '../rows/routes.js';
import { entitiesOf } from '../snapshot.js';

/** The builder of an environment: the definitions are the entities of their route. */
export function openIndexBuilder(
  environment: Environment,
  routes: Routes,
  clock: () => number,
): IndexBuilder {
  const newest = readerOf();
  const indexes = createIndexRegistry(environment, newest, clock);
  return createIndexBuilder(environment, newest, routes, (reader) =>
    entitiesOf(
      { environment, routes, indexes, reader, tx: 0, now: clock(), past: false, parsers: undefined },
      definitionRoutes.indexes,
    ),
  );
}
