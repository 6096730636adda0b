export * from './access-list.js';
export * from './identity.js';
export * from './records.js';
export * from './verdict.js';
export * from './zones.js';
export { permissions, type Permission } from '@drops/ir';
export { publicIdOf } from '@drops/store/public-id';
