import { type AnswerRow, type Question } from './model.js';
/** A row as a driver gives it. */
export type DriverRow = Readonly<Record<string, unknown>>;
/**
 * What is different between two answers to a question, or undefined. Rows without an order are compared as a bag,
 * numbers to nine digits: databases add in another order.
 */
export declare function difference(question: Question, expected: readonly AnswerRow[], found: readonly DriverRow[]): string | undefined;
//# sourceMappingURL=compare.d.ts.map