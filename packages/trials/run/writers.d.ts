import type { Snapshot } from '@drops/store';
/** How far a writer came in one round: it writes one statement after the other. */
export interface Progress {
    /** Statements that were acknowledged; they are the first ones. */
    readonly acknowledged: number;
    /** One more was under way when the process was killed: it may be there, whole, or not. */
    readonly underWay: boolean;
    /** So many of the acknowledged ones, the last, need not be there. Default 0. */
    readonly mayLose?: number;
}
/** One writer of a round. */
export interface Writer {
    /** Its i-th statement. */
    statement(i: number): string;
    /** How many of its statements have had effect; throws when what it finds is no state between two statements. */
    applied(snapshot: Snapshot): number;
}
/** The eight writers of a round; a ninth writes to a store that was filled with so many drops. */
export declare function writersOf(round: number, filled?: number): readonly Writer[];
/** The counter that the adders of all rounds share. */
export declare function totalOf(snapshot: Snapshot): number;
//# sourceMappingURL=writers.d.ts.map