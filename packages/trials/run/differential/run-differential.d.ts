import type { Database } from './databases.js';
import { type Counts } from './round.js';
export interface DifferentialOptions {
    readonly seed: number;
    readonly questions: number;
    /** Questions asked of one set of rows. */
    readonly perTables: number;
    readonly rows: number;
    readonly databases: readonly Database[];
    readonly onProgress?: (asked: number, failures: number) => void;
}
export interface Failure {
    readonly seed: number;
    readonly drops: string;
    readonly sql: string;
    readonly problems: readonly string[];
}
export interface DifferentialReport {
    readonly asked: number;
    readonly failures: readonly Failure[];
    readonly counts: Counts;
}
/**
 * Asks random questions of random rows in every way there is, and compares the answers with their plain meaning. The
 * seed of a set of rows is the seed of the run plus its number, so that one failing set can be asked again alone.
 */
export declare function runDifferential(options: DifferentialOptions): Promise<DifferentialReport>;
//# sourceMappingURL=run-differential.d.ts.map