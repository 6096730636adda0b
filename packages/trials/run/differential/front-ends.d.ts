import { type Plan } from '@drops/ir';
import type { Question } from './model.js';
/** The plan of a text of Drops. */
export declare function planOfDrops(text: string): Plan;
/** The syntaxes in which a question gives another plan than in Drops. */
export declare function unequalFrontEnds(question: Question): Promise<readonly string[]>;
//# sourceMappingURL=front-ends.d.ts.map