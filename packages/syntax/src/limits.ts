/** Limits that the text of a statement must keep. */
export const maximalTop = 1000;
export const maximalBulk = 1000;
export const maximalDepth = 100;
