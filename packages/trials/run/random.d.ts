/** Numbers in [0, 1) that a seed decides (mulberry32): a failing trial can be run again. */
export declare function createRandom(seed: number): () => number;
//# sourceMappingURL=random.d.ts.map