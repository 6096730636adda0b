import { type ProcessMemory } from './process-memory.js';
import { type Step } from './steps.js';
export interface MemoryOptions {
    readonly rows: number;
    /** A store that an earlier trial filled and left; missing: a new one. */
    readonly data?: string | undefined;
    /** The `drops` command. */
    readonly drops: string;
    /** Bytes of its own that the server may have beyond those it began with. */
    readonly bound: number;
    readonly onFilled?: (seconds: number) => void;
    /** Told of each step when it is done. */
    readonly onStep?: (step: StepResult) => void;
}
export interface StepResult {
    readonly step: Step;
    /** `answered`, `refused: ` and what was too much, or what else was said. */
    readonly outcome: string;
    readonly seconds: number;
    /** Peaks beyond what the server began with, bytes. */
    readonly peak: ProcessMemory;
}
export interface MemorySummary {
    readonly baseline: ProcessMemory;
    readonly results: readonly StepResult[];
    readonly problems: readonly string[];
}
/**
 * Fills a store, serves it, asks for everything that could take much memory, and watches what the server takes.
 * Linux only.
 */
export declare function memoryTrial(options: MemoryOptions): Promise<MemorySummary>;
//# sourceMappingURL=trial.d.ts.map