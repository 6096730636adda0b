import { type Store } from '@drops/store';
import { type Progress, type Writer } from './writers.js';
/** What was found in a store after its writers were cut off. */
export interface Findings {
    /** Writes that are there, of each writer. */
    readonly applied: readonly number[];
    /** Records whose chain was verified. */
    readonly records: number;
    /** What the shared counter holds. */
    readonly total: number;
    /** Everything that is not as it must be, in words. */
    readonly problems: readonly string[];
}
/**
 * Checks an open store against what its eight writers were told: every acknowledged write is there, batches as a
 * whole, counters right, the chain verifies and a rebuilt copy is the same. `total` is what the shared counter held
 * before these writers began. `rebuild` false: no copy is rebuilt.
 */
export declare function checkStore(store: Store, data: string, writers: readonly Writer[], progress: readonly Progress[], total: number, rebuild?: boolean): Promise<Findings>;
//# sourceMappingURL=check-store.d.ts.map