export type * from './operands.js';
export type * from './queries.js';
export type * from './statements.js';
export type * from './values.js';
