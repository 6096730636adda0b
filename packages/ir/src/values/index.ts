export * from './compare.js';
export * from './json.js';
export * from './path.js';
export * from './pattern.js';
