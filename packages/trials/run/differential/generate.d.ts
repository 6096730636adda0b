import type { Column, Question, Tables } from './model.js';
export type Random = () => number;
/** The key has another name in each language. */
export declare const keyColumn: Column;
export declare const pick: <T>(random: Random, values: readonly T[]) => T;
/** Two tables whose rows refer to each other, with nulls, missing fields and values that break careless quoting. */
export declare function makeTables(random: Random, rows: number): Tables;
/** A question; one with a limit is sorted to the last row, so that it has one answer. */
export declare function makeQuestion(random: Random): Question;
//# sourceMappingURL=generate.d.ts.map