import { type Round, type RoundResult } from './crash-round.js';
import type { Programs } from './target.js';
export interface CrashOptions {
    readonly rounds: number;
    readonly seed: number;
    readonly programs: Programs;
    /** MB that each store is filled with before its rounds. Default 0. */
    readonly fill?: number;
    /** MB of memory that the processes may use, pages of the store among it. Default: no limit. */
    readonly memory?: number | undefined;
    /** Told of each round when it is done. */
    readonly onRound?: (round: Round, result: RoundResult) => void;
}
export interface CrashSummary {
    readonly rounds: number;
    readonly acknowledged: number;
    readonly unacknowledged: number;
    /** False: memory was to be limited, and cannot be here. */
    readonly limited: boolean;
    /** Rounds that found something wrong, with what they found. */
    readonly problems: readonly string[];
}
/** Runs rounds of crashes on stores in a temporary folder, which stays when something was wrong. */
export declare function crashRounds(options: CrashOptions): Promise<CrashSummary>;
//# sourceMappingURL=crash-rounds.d.ts.map