/** One thing that a process did to its files, in the order in which it did it. `file`: place in the list of those watched. */
export type JournalRecord = 
/** A file was opened, and made when it was not there. */
{
    readonly kind: 'open';
    readonly file: number;
}
/** A write has begun; `synced`: on disk when it ends (O_DSYNC). */
 | {
    readonly kind: 'write';
    readonly file: number;
    readonly id: number;
    readonly offset: number;
    readonly bytes: Buffer;
    readonly synced: boolean;
}
/** fsync or fdatasync of a file has begun, or fsync of the folder. */
 | {
    readonly kind: 'sync';
    readonly id: number;
    readonly of: 'file';
    readonly file: number;
} | {
    readonly kind: 'sync';
    readonly id: number;
    readonly of: 'folder';
}
/** A write or sync has ended: bytes written, 0 for a sync, −1 when it failed. */
 | {
    readonly kind: 'end';
    readonly id: number;
    readonly result: number;
}
/** What the process noted. */
 | {
    readonly kind: 'note';
    readonly text: string;
}
/** Something was done that the model does not know. */
 | {
    readonly kind: 'unknown';
    readonly name: string;
};
/** The journal of the interposer: numbers in the byte order of little-endian machines. */
export declare function readJournal(file: string): readonly JournalRecord[];
//# sourceMappingURL=journal.d.ts.map