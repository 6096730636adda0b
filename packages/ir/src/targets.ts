import type { TranslationTarget } from './nodes/index.js';

/** Every language that a statement can be translated to. */
export const translationTargets = [
  'sql',
  'mysql',
  'sqlite',
  'mongo',
  'curl',
  'rest',
] as const satisfies readonly TranslationTarget[];
