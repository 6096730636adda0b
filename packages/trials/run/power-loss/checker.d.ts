import type { Findings } from '../check-store.js';
import type { Progress } from '../writers.js';
/** A store to be checked. */
export interface ImageRequest {
    readonly data: string;
    readonly round: number;
    readonly progress: readonly Progress[];
    readonly total: number;
}
export interface Checker {
    check(request: ImageRequest): Promise<Findings>;
    stop(): void;
}
/** Checks stores in a process of its own, since a damaged one can end it; then the next store gets a new one. */
export declare function createChecker(program: string): Checker;
//# sourceMappingURL=checker.d.ts.map