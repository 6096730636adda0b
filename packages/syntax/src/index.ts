export type * from './ast/index.js';
export type * from './parse-result.js';
