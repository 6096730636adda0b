import type { Span } from '@drops/diagnostics';
import type { IToken, TokenType } from 'chevrotain';
import { spanOf } from '../grammar/base-parser.js';
import { lex } from './lexer.js';
import * as T from './token-types.js';

export type ListedType =
  | 'comment'
  | 'json'
  | 'key'
  | 'keyword'
  | 'label'
  | 'number'
  | 'parameter'
  | 'route'
  | 'string'
  | 'symbol'
  | 'time'
  | 'unknown'
  | 'word'
  | 'field';

/** A token as `compile --emit tokens` shows it. */
export interface ListedToken {
  readonly type: ListedType;
  readonly text: string;
  readonly span: Span;
}

const types: ReadonlyMap<TokenType, ListedType> = new Map<TokenType, ListedType>([
  [T.Word, 'word'],
  [T.Path, 'route'],
  [T.DotField, 'field'],
  [T.NumberLiteral, 'number'],
  [T.Time, 'time'],
  [T.Label, 'label'],
  [T.StringLabel, 'label'],
  [T.StringLiteral, 'string'],
  [T.UnclosedString, 'unknown'],
  [T.Unknown, 'unknown'],
  [T.Key, 'key'],
  [T.Param, 'parameter'],
  [T.JsonLiteral, 'json'],
]);

function typeOf(token: IToken): ListedType {
  return types.get(token.tokenType) ?? (T.keywordTokens.has(token.image) ? 'keyword' : 'symbol');
}

/**
 * The tokens of a text in their order, comments among them. Whether a keyword is used as one only the grammar
 * knows; what stands before a colon is a label.
 */
export function tokens(text: string): ListedToken[] {
  const { tokens: found, comments } = lex(text);
  const listed: ListedToken[] = found.map((token) => ({
    type: typeOf(token),
    text: token.image,
    span: spanOf(token),
  }));
  for (const { image, startOffset, endOffset } of comments) {
    const end = endOffset === undefined ? startOffset + image.length : endOffset + 1;
    listed.push({ type: 'comment', text: image, span: { start: startOffset, end } });
  }
  return comments.length === 0 ? listed : listed.sort((a, b) => a.span.start - b.span.start);
}
