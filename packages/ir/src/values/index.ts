export * from './compare.js';
export * from './json.js';
export * from './path.js';
export * from './pattern.js';
export * from './index-definition.js';
export * from './names.js';
export * from './permissions.js';
export * from './stored-json.js';
