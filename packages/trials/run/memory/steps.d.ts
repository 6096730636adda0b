/** A request of the trial, and how its answer is read. */
export interface Step {
    readonly name: string;
    /** A statement for POST /exec, or a path. */
    readonly text: string;
    readonly door: 'exec' | 'stream' | 'get';
    /** Lines that an answer has, of so many rows; undefined: it is not counted. */
    readonly lines?: (rows: number) => number;
}
/** Cities are few, names are as many as there are rows. */
export declare const cities = 50;
export declare const dropOf: (n: number) => {
    key: string;
    payload: {
        name: string;
        city: string;
        score: number;
        text: string;
    };
};
export declare const steps: readonly Step[];
//# sourceMappingURL=steps.d.ts.map