import type { Database } from './databases.js';
import type { Question, Tables } from './model.js';
/** What opens for a set of rows: every way to ask it. */
export interface Bench {
    /** The differences of a question; counts what was compared. */
    check(question: Question, counts: Counts): Promise<readonly string[]>;
    close(): Promise<void>;
}
/** How often each way was compared, by fidelity, and how often it refused. */
export type Counts = Map<string, Map<string, number>>;
/** Loads the rows into three engines and, by their own exports, into the databases. */
export declare function openBench(tables: Tables, databases: readonly Database[]): Promise<Bench>;
//# sourceMappingURL=round.d.ts.map