import type { JournalRecord } from './journal.js';
/** A disk writes a sector as a whole or not at all. */
export declare const sectorSize = 512;
/** The part of a write that falls into one sector. */
export interface Piece {
    /** Id of the write. */
    readonly write: number;
    /** Offset in the file. */
    readonly at: number;
    readonly bytes: Buffer;
}
/** How many of the pieces that wait for a sector, oldest first, have reached the disk. */
export type Fate = (sector: number, waiting: readonly Piece[]) => number;
/**
 * A file as a disk may hold it. Until a sync, a sector holds its state after any of the writes that wait for it,
 * whatever the other sectors hold: a cache writes back in its own order.
 */
export interface Disk {
    apply(record: JournalRecord): void;
    /** The file that is found after power is lost now; undefined: its name was not on disk yet. */
    image(fate: Fate, keepsName: boolean): Buffer | undefined;
    /** The file as its process sees it. */
    seen(): Buffer;
}
/** A disk that holds one file, `initial`; undefined: it is not there. `heedsSyncs` false: one that lies about them. */
export declare function createDisk(initial: Buffer | undefined, heedsSyncs?: boolean, file?: number): Disk;
//# sourceMappingURL=disk.d.ts.map