/** What a run of the command took. */
export interface MeasuredRun {
    readonly ms: number;
    /** Most memory of its own in bytes, pages of files not counted; undefined where the system does not tell. */
    readonly own: number | undefined;
    /** The same with the pages of files that it maps. */
    readonly resident: number | undefined;
    readonly err: string;
    readonly out: string;
}
/** Runs `drops` with its output in a file, if one is named, and looks at its memory 40 times a second. Throws what it says when it fails. */
export declare function measuredRun(drops: string, argv: readonly string[], output?: string): Promise<MeasuredRun>;
//# sourceMappingURL=measured-run.d.ts.map