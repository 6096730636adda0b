import { fail } from '@drops/diagnostics';
import { readVector, vectorIn, type Json } from '@drops/ir';

/** The dimensions of routes as units see them: what is stored, with what this group fixes. */
export interface Dimensions {
  /** Fixes the dimension of a route at its first vector; `undo` is told how to take that back. INVALID_VECTOR, DIMENSION_MISMATCH. */
  check(route: string, payload: Json, undo: (undo: () => void) => void): void;
}

/**
 * Dimensions that are read once and then remembered, for as long as nobody else writes. `stored`: 0 before the first vector
 * of a route; missing where the store fixes none.
 */
export function createDimensions(stored: ((route: string) => number) | undefined): Dimensions {
  const known = new Map<string, number>();

  const dimensionOf = (route: string): number | undefined => {
    const found = known.get(route) ?? stored?.(route);
    if (found !== undefined) known.set(route, found);
    return found;
  };

  return {
    check(route, payload, undo) {
      const vector = vectorIn(payload);
      if (!vector) return;
      const { length } = readVector(vector);
      const dimension = dimensionOf(route);
      if (dimension === undefined || dimension === length) return;
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
