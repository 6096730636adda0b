export type * from './nodes/index.js';
export * from './values/index.js';
export * from './version.js';
