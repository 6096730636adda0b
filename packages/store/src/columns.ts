import type { Path, StoredDrop } from '@drops/ir';

/** What a cell of a column holds. The numbers are what `kinds` is made of. */
export const cellKind = {
  missing: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  text: 5,
  /** A list or an object: read the drop. */
  other: 6,
} as const;

/** One field of all rows, a place (ordinal) a row. */
export interface Column {
  /** A `cellKind` a row. */
  readonly kinds: Uint8Array;
  /** The one kind that all rows have, where they have one: loops need not look at `kinds` then. */
  readonly uniform: number | undefined;
  /** The numbers, where `kinds` says so; absent when there is none. */
  readonly numbers: Float64Array | undefined;
  /** All numbers are whole and their sum is exact in any order. */
  readonly whole: boolean;
  /** Places in `dictionary` of the texts; absent when there is none. */
  readonly codes: Uint32Array | undefined;
  /** Distinct texts in no order; may hold some that no row has any more. The same array may grow at its end, never change otherwise. */
  readonly dictionary: readonly string[];
}

/** A column of the row itself instead of its payload. */
export type SystemColumnName = 'key' | 'created_at';
export type ColumnName = { readonly system: SystemColumnName } | { readonly path: Path };

/**
 * The live rows of a route at a snapshot as arrays. Nothing in it changes until it is released; it must be released in
 * the same turn of the event loop or soon after, since others cannot bring the columns up to date meanwhile.
 */
export interface RouteColumns {
  /** Ordinals are 0 … size − 1; some may be of rows that are gone. */
  readonly size: number;
  /** Rows that are there and have not expired; equal to `size` when `live` is undefined. */
  readonly count: number;
  /** 1 for a row that is there; undefined: all are. */
  readonly live: Uint8Array | undefined;
  /** Rows that are entities (they have a key); undefined: all are. */
  readonly entities: Uint8Array | undefined;
  /**
   * The same object as long as no entity of the route comes, goes or gets another ordinal: what was found by
   * `ordinalOf` may be kept beside it. Missing: nothing may be kept.
   */
  readonly keys?: object | undefined;
  /** The columns asked for, in that order. */
  readonly columns: readonly Column[];
  /** Ordinals of the live rows in the order of the route: entities by key, then events by tx. undefined: 0, 1, 2 … is that order. */
  order(): Uint32Array | undefined;
  /** The ordinal of a live entity. */
  ordinalOf(key: string): number | undefined;
  /** The drop of a live row. */
  drop(ordinal: number): StoredDrop;
  release(): void;
}

/** What columns cost this process. */
export interface ColumnUse {
  readonly routes: number;
  readonly columns: number;
  readonly bytes: number;
}
