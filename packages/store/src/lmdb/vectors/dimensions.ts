import { fail } from '@drops/diagnostics';
import { readVector, vectorIn, type Json } from '@drops/ir';
import type { Environment, Reader } from '../environment.js';
import type { Routes } from '../routes.js';
import { factsRow, readFactsRow } from './vector-rows.js';

/** The dimensions of routes as units see them: what is in the tables, with what this group fixes. */
export interface Dimensions {
  /** Fixes the dimension of a route at its first vector; `undo` is told how to take that back. INVALID_VECTOR, DIMENSION_MISMATCH. */
  check(route: string, payload: Json, undo: (undo: () => void) => void): void;
}

/** Dimensions that are read once and then remembered, for as long as nobody else writes. */
export function createDimensions(environment: Environment, reader: Reader, routes: Routes): Dimensions {
  const known = new Map<string, number>();

  const dimensionOf = (route: string): number => {
    const found = known.get(route);
    if (found !== undefined) return found;
    const id = routes.find(reader, route)?.id;
    const { dimension } = readFactsRow(
      id === undefined ? undefined : reader.get(environment.vectors, factsRow(id)),
    );
    known.set(route, dimension);
    return dimension;
  };

  return {
    check(route, payload, undo) {
      const vector = vectorIn(payload);
      if (!vector) return;
      const { length } = readVector(vector);
      const dimension = dimensionOf(route);
      if (dimension === length) return;
      if (dimension !== 0) {
        fail(
          'DIMENSION_MISMATCH',
          `The vector has ${length} dimensions; those of ${route} have ${dimension}.`,
          {
            hint: 'the first vector of a route fixes how many there are',
          },
        );
      }
      known.set(route, length);
      undo(() => known.set(route, 0));
    },
  };
}
