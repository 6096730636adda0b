/**
 * The language as text: `parse` gives trees, `print` and `format` give text back, `visit` walks trees,
 * `tokens` lists the words. Runs anywhere JavaScript does.
 */
export type * from './ast/index.js';
export type * from './parse-result.js';
export {
  describeGrammar,
  type GrammarDescription,
  type GrammarNode,
  type TokenDescription,
} from './describe.js';
export { examples } from './examples.js';
export { format, type FormatResult } from './format.js';
export {
  aliases,
  hasRole,
  keywordRoles,
  keywordsByRole,
  keywordTable,
  type Keyword,
  type KeywordRole,
} from './keywords.js';
export { maximalBulk, maximalDepth, maximalTop } from './limits.js';
export { parse, type ParseOptions } from './parse.js';
export { print, type PrintOptions } from './print/print.js';
export { findVerb, serviceVerbs, type VerbEntry } from './services.js';
export { tokens, type ListedToken, type ListedType } from './tokens/list-tokens.js';
export { shapeOf, type ShapeLiteral, type TextShape } from './shape.js';
export { quote } from './tokens/string-text.js';
export { childKeys, visit, type AstNode, type VisitAnswer, type Visitor } from './visit.js';
export { withoutSpans } from './without-spans.js';
