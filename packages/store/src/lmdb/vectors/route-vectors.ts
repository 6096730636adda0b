import type { RouteVectors } from '../../vectors.js';
import type { View } from '../rows/read-drop.js';
import {
  createVectorReader,
  factsRow,
  noVectors,
  readFactsRow,
  txOfVectorRow,
  vectorRange,
  vectorRow,
} from './vector-rows.js';

const none: RouteVectors = { ...noVectors, get: () => undefined, after: () => [] };

/** The vectors of a route in a view; undefined for a state of the past, which the table does not tell of. */
export function routeVectors(view: View, path: string): RouteVectors | undefined {
  if (view.past) return undefined;
  const { reader, environment, routes } = view;
  const route = routes.find(reader, path);
  if (!route) return none;
  const facts = readFactsRow(reader.get(environment.vectors, factsRow(route.id)));
  if (facts.dimension === 0) return none;
  const read = createVectorReader(facts.dimension);
  return {
    ...facts,
    get(tx) {
      const bytes = reader.get(environment.vectors, vectorRow(route.id, tx));
      return bytes && read(tx, bytes);
    },
    *after(tx) {
      for (const { key: row, value } of reader.range(environment.vectors, vectorRange(route.id, tx))) {
        yield read(txOfVectorRow(row), value);
      }
    },
  };
}
