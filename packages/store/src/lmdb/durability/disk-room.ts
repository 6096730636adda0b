import { statfsSync } from 'node:fs';
import { fail } from '@drops/diagnostics';

/** Whether the disk of a store has room. */
export interface DiskRoom {
  /** For so many bytes, and a small transaction beside. */
  has(bytes: number): boolean;
  /** Throws STORE_FULL unless there is room for a transaction whose changes take so many bytes. */
  assure(bytes: number): void;
}

/** The pages of a small transaction: it touches some in each table, and writes each of them anew. */
const leastRoom = 2 ** 20;
/** Bytes of pages that a byte of a change may cost: rows are short, and their pages are written whole. */
const pageShare = 16;
/** With so much room nobody looks again for some ms. */
const plenty = 2 ** 30;
const lookAgain = 100;

/**
 * Asks before a transaction whether the disk can take it. The lmdb of 3.5.6 tells of a page that the disk refuses in a text that is longer than
 * the buffer it made for it (`sprintf` in `mdb_page_flush`), which ends the process some time later; so it had better not come to that.
 * What this does not see, a quota or another process that is quicker, is STORE_FULL all the same.
 */
export function createDiskRoom(folder: string): DiskRoom {
  let seen = 0;
  let seenAt = -Infinity;
  const has = (bytes: number): boolean => {
    const needed = leastRoom + bytes;
    const now = performance.now();
    if (seen - needed > plenty && now - seenAt < lookAgain) return true;
    try {
      const { bavail, bsize } = statfsSync(folder);
      seen = bavail * bsize;
    } catch {
      // Where the system does not tell, the disk itself does.
      return true;
    }
    seenAt = now;
    return seen >= needed;
  };
  return {
    has,
    assure(bytes) {
      if (has(bytes * pageShare)) return;
      fail('STORE_FULL', 'The disk has no room for the write. Nothing was written.', {
        hint: 'make room and try again',
      });
    },
  };
}
