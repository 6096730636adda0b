/** Builds the library that writes down what a process does to its file; or says why that cannot be here. */
export declare function buildInterposer(folder: string): {
    readonly library: string;
} | {
    readonly missing: string;
};
//# sourceMappingURL=interposer.d.ts.map