/** Rows of segments that were read lately. They never change, so what is kept is always right. */
export interface RowCache {
  /** A row by its number; read with `read` when it is not kept. */
  row(index: number, read: () => Uint8Array): Buffer;
}

/** Bytes of rows that are kept by all caches of a process together. */
const mostBytes = 32 << 20;

let kept = 0;
/** Rises when all caches are emptied: cheaper to keep than who was asked for when, and full caches are rare. */
let generation = 0;

/** An empty cache of rows of one kind. */
export function createRowCache(): RowCache {
  let rows: (Buffer | undefined)[] = [];
  let mine = generation;
  return {
    row(index, read) {
      if (mine !== generation) {
        rows = [];
        mine = generation;
      }
      const known = rows[index];
      if (known) return known;
      const { buffer, byteOffset, byteLength } = read();
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      if (kept + bytes.byteLength > mostBytes) {
        generation += 1;
        kept = 0;
        rows = [];
        mine = generation;
      }
      kept += bytes.byteLength;
      rows[index] = bytes;
      return bytes;
    },
  };
}
