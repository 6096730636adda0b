import type { Findings } from '../check-store.js';
/** Programs as plain Node runs them, and the library that goes before them. */
export interface PowerLossPrograms {
    readonly interposer: string;
    readonly writing: string;
    readonly checking: string;
}
export interface PowerLossOptions {
    /** Images of the disk to be checked. */
    readonly rounds: number;
    readonly seed: number;
    readonly programs: PowerLossPrograms;
    /** Default full. With relaxed, commits that no sync of the log has followed may be lost. */
    readonly durability?: 'full' | 'relaxed';
    /** False: a disk that lies about syncs, which must be found out. */
    readonly heedsSyncs?: boolean;
    /** Told of each image when it is checked. */
    readonly onRound?: (round: PowerLossRound) => void;
}
export interface PowerLossRound {
    readonly number: number;
    /** Record of the journal after which power was lost, of so many. */
    readonly cut: number;
    readonly records: number;
    readonly fate: string;
    readonly acknowledged: number;
    readonly findings: Findings;
}
export interface PowerLossSummary {
    readonly rounds: number;
    readonly acknowledged: number;
    readonly problems: readonly string[];
    /** The images, where something was wrong. */
    readonly folder: string;
}
/**
 * Lets processes write under the interposer, loses power at random moments of what they did, and checks the store that
 * is then on the disk. The images stay in a temporary folder when something was wrong.
 */
export declare function powerLossRounds(options: PowerLossOptions): Promise<PowerLossSummary>;
//# sourceMappingURL=rounds.d.ts.map