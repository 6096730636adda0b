/** How many drops fill so many MB. */
export declare const dropsOf: (megabytes: number) => number;
/** Fills a store with drops `filled @0`, `@1` …, under an index: more than memory is to hold. */
export declare function fill(data: string, count: number): Promise<void>;
/** Lets the system forget what it holds of a store in memory, where it can be asked to: what reads it next reads the disk. */
export declare function forgetPages(data: string): void;
//# sourceMappingURL=fill.d.ts.map