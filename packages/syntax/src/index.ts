export type * from './ast/index.js';
export type * from './parse-result.js';
export { parse, type ParseOptions } from './parse.js';
export { checkKey, checkRoute, type NameFault } from './names.js';
export {
  aliases,
  hasRole,
  keywordRoles,
  keywordsByRole,
  keywordTable,
  type Keyword,
  type KeywordRole,
} from './keywords.js';
export { findVerb, serviceVerbs, type VerbEntry } from './services.js';
export { maximalBulk, maximalDepth, maximalTop } from './limits.js';
export {
  describeGrammar,
  tokenize,
  type GrammarDescription,
  type GrammarNode,
  type PlacedToken,
  type TokenDescription,
  type TokenizedText,
} from './describe.js';
