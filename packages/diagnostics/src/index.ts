export * from './codes.js';
export * from './error.js';
export * from './frame.js';
export type * from './json.js';
export * from './names.js';
export * from './span.js';
export * from './suggest.js';
