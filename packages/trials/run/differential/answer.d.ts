import type { AnswerRow, Question, Tables } from './model.js';
/** The answer to a question by its plain meaning; in order where it is sorted. */
export declare function answer(question: Question, tables: Tables): readonly AnswerRow[];
//# sourceMappingURL=answer.d.ts.map