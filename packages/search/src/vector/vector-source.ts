import type { RouteVectors, Snapshot } from '@drops/store';

/** The vectors of a route, and what a graph over them has to know. */
export interface SourceVectors {
  readonly vectors: RouteVectors;
  /** The vectors of all versions up to this tx are there. */
  readonly reached: number;
  /** A name for what they are: a graph of another origin is not theirs. */
  readonly origin: string;
}

/** Where vectors come from: drops that have one, or texts that are embedded. */
export interface VectorSource {
  /** No other source of the store has it. */
  readonly name: string;
  /** Those that a snapshot shows of a route; undefined where they cannot be had. */
  of(snapshot: Snapshot, route: string): SourceVectors | undefined;
}

/** The vectors that drops have. */
export const ownVectors: VectorSource = {
  name: '',
  of(snapshot, route) {
    const vectors = snapshot.vectors?.(route);
    return vectors && { vectors, reached: snapshot.tx, origin: '' };
  },
};
