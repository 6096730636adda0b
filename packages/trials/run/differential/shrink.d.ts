import type { Question } from './model.js';
/** The smallest question that is found by leaving parts out and still fails. */
export declare function shrink(question: Question, fails: (question: Question) => Promise<boolean>): Promise<Question>;
//# sourceMappingURL=shrink.d.ts.map