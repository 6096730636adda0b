export type * from './capability.js';
export type * from './effects.js';
export type * from './nodes/index.js';
export * from './targets.js';
export * from './tree/index.js';
export * from './values/index.js';
export * from './version.js';
