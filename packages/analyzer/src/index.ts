export * from './catalog.js';
export * from './effects.js';
export * from './lower.js';
export { permissions } from './statements/access.js';
export { checkParameterValue } from './statements/services.js';
