import { type Mode, type Programs } from './target.js';
export interface Round {
    /** Names its entities: no two rounds of a store share a number. */
    readonly number: number;
    readonly mode: Mode;
    /** The kill comes so many ms after this: the start of the process, its being open, the first acknowledgement. */
    readonly after: 'start' | 'opening' | 'acknowledgement';
    readonly ms: number;
    /** A copy is rebuilt and compared after the round. */
    readonly rebuild: boolean;
    /** Drops that the store was filled with before. */
    readonly filled: number;
    /** The group that limits the memory of the process. */
    readonly group?: string | undefined;
}
/** What a round came to. */
export interface RoundResult {
    readonly acknowledged: number;
    /** Not acknowledged when the process was killed, and there as a whole. */
    readonly unacknowledged: number;
    readonly records: number;
    /** Everything that is not as it must be, in words. */
    readonly problems: readonly string[];
}
/**
 * One round: a process is killed while eight writers write, the store is opened again, and everything that was
 * acknowledged must be there, batches as a whole, under a chain that verifies. `total` is what the shared counter
 * held before; it is returned as it is now.
 */
export declare function crashRound(round: Round, programs: Programs, data: string, total: number): Promise<RoundResult & {
    readonly total: number;
}>;
//# sourceMappingURL=crash-round.d.ts.map