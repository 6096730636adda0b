export { fidelityText, type Fidelity } from './fidelity.js';
export { toJsonFilter } from './http/json-filter.js';
export { toJsonQuery, type JsonQuery } from './http/json-query.js';
export { quoteShell } from './http/quote-shell.js';
export type { ColumnLookup } from './sql/context.js';
export { tableText, type TableText } from './table-text.js';
export { translate, translateParameterised, type TranslateOptions } from './translate.js';
export type { BoundSql } from './translate-sql.js';
export type * from './translation.js';
