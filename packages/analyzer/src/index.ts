export * from './catalog.js';
export * from './effects.js';
export * from './lower.js';
export { permissions } from './statements/access.js';
export { checkParameterValue } from './statements/services.js';
export { lowerJsonFilter } from './json/json-filter.js';
export { lowerJsonQuery } from './json/json-query.js';
export { scopeOf, type RowScope } from './query/row-scope.js';
