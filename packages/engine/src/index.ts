export { check, compile, loadLanguages, type CompileOptions, type CompileResult } from './compile.js';
export type * from './engine.js';
export { capabilities, recogniser, sameSecret, isSignedBy } from '@drops/capabilities';
export type { CapabilitySignature } from '@drops/ir';
export { backup, copy, prove, rebuild, restore, verify } from './maintenance.js';
export { filesBeside, isPostgresAddress, shownAddress } from '@drops/store/address';
export { open } from './open.js';
export { createPreparer } from './preparer.js';
export { translationTargets } from '@drops/ir';
