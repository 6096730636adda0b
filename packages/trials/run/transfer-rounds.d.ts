import { type MeasuredRun } from './measured-run.js';
/** One command over many rows. */
export interface TransferStep {
    readonly name: string;
    readonly run: MeasuredRun;
    /** Bytes of memory of its own above the same command over ten rows. */
    readonly over: number | undefined;
    /** What it may take. */
    readonly bound: number;
    /** Bytes of the file that was written or read. */
    readonly file: number;
}
export interface TransferTrial {
    readonly rows: number;
    readonly formats: readonly string[];
    /** The `drops` command. */
    readonly drops: string;
    /** An empty folder that may be filled. */
    readonly folder: string;
    readonly onStep: (step: TransferStep) => void;
}
/**
 * Exports and imports rows in each format by the real command, and what came back must be what was. Gives what is
 * wrong: rows that differ, memory above its bound.
 */
export declare function transferRounds(trial: TransferTrial): Promise<readonly string[]>;
//# sourceMappingURL=transfer-rounds.d.ts.map