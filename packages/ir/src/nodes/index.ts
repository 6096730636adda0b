export type * from './access-paths.js';
export type * from './drop.js';
export type * from './plans.js';
export type * from './relational.js';
