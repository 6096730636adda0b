export type * from './compile.js';
export type * from './engine.js';
