export type * from './engine.js';
export { identityOfKey } from './gate.js';
export { open } from './open.js';
