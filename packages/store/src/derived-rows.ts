/** A row of bytes. The key is a binary string, a byte a character, of at most 1,900. */
export interface DerivedRow {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Rows from `start` up to, not including, `end`. */
export interface DerivedRange {
  readonly start: string;
  readonly end: string;
}

/** What is written together: ranges are removed first, then rows are put. */
export interface DerivedChange {
  /** Done only while this row still has this value (undefined: is missing), so that of two processes one wins. */
  readonly guard: { readonly key: string; readonly value: Uint8Array | undefined };
  readonly removed: readonly DerivedRange[];
  readonly puts: readonly DerivedRow[];
}

/**
 * Rows that an upper layer keeps in the store and can make anew from the log: they are in no backup, and a rebuild
 * drops them. Reads see what was written last.
 */
export interface DerivedRows {
  /** The value of a row; it may be kept. */
  get(key: string): Uint8Array | undefined;
  /** Rows in the order of the bytes of their keys, from the end backward with `reverse`. Values may be kept. */
  range(range: DerivedRange & { readonly reverse?: boolean; readonly limit?: number }): Iterable<DerivedRow>;
  /** Writes wholly or not at all; false when the guard does not hold. STORE_FULL when there is no room. */
  apply(change: DerivedChange): boolean;
}
