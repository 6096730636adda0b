export { fidelityText, type Fidelity } from './fidelity.js';
export { dialects, translateSql } from './translate-sql.js';
export type * from './translation.js';
