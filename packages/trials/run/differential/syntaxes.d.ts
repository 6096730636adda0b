import type { JsonObject } from '@drops/ir';
import { type Question } from './model.js';
/** The question in Drops. */
export declare function toDrops(question: Question): string;
/** The question as the body of POST /query; undefined for what that cannot say. */
export declare function toJson(question: Question): JsonObject | undefined;
/** The question as one SELECT of PostgreSQL. */
export declare function toSql(question: Question): string;
//# sourceMappingURL=syntaxes.d.ts.map