/** Rows of segments that were read last: they never change, and words that are asked for often are in few of them. */
export interface RowCache {
  /** The row of a key, read where it is not at hand. */
  get(key: string, read: () => Uint8Array): Uint8Array;
}

/** Keeps so many bytes of rows at most. */
export function createRowCache(most: number): RowCache {
  const rows = new Map<string, Uint8Array>();
  let bytes = 0;
  return {
    get(key, read) {
      const known = rows.get(key);
      if (known) {
        // The first of the map is the one that was not asked for the longest.
        rows.delete(key);
        rows.set(key, known);
        return known;
      }
      const row = read();
      rows.set(key, row);
      bytes += row.byteLength;
      for (const [oldest, { byteLength }] of rows) {
        if (bytes <= most) break;
        rows.delete(oldest);
        bytes -= byteLength;
      }
      return row;
    },
  };
}
