import { errorOf, type Diagnostic } from '@drops/diagnostics';
import { tokenMatcher, type IToken } from 'chevrotain';
import { spanOf } from '../grammar/base-parser.js';
import { maximalDepth } from '../limits.js';
import type { StatementTokens } from '../tokens/split-statements.js';
import * as T from '../tokens/token-types.js';
import { touch } from './failure.js';

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/**
 * Where the quote is missing. When an earlier string runs right into a word, its quote was forgotten or
 * stands too early, and the open one at the end is only the consequence.
 */
function culprit(tokens: readonly IToken[], open: IToken): IToken {
  const at = tokens.findIndex(
    (token, index) =>
      token.tokenType === T.StringLiteral && touch(token, tokens[index + 1]) && isWord(tokens[index + 1]),
  );
  return tokens[at] ?? open;
}

function isWord(token: IToken | undefined): boolean {
  return token !== undefined && tokenMatcher(token, T.Name);
}

/** What is wrong with the tokens of a statement already, before any grammar. */
export function faultOfTokens({
  tokens,
  openString,
  tooDeep,
  unclosed,
}: StatementTokens): Diagnostic | undefined {
  if (openString) {
    const { startOffset: start } = culprit(tokens, openString);
    return errorOf('SYNTAX_ERROR', 'this string is never closed', {
      span: { start, end: start + 1 },
      hint: `end it with the quote it begins with: \`${openString.image.charAt(0)}\``,
    });
  }
  if (tooDeep) {
    return errorOf('SYNTAX_ERROR', `brackets are nested more than ${maximalDepth} deep`, {
      span: spanOf(tooDeep),
      hint: 'flatten the data, or store its parts as drops of their own',
    });
  }
  if (!unclosed) return undefined;
  const { image } = unclosed;
  return errorOf('SYNTAX_ERROR', `this \`${image}\` is never closed`, {
    span: spanOf(unclosed),
    hint: `add \`${closing.get(image) ?? ''}\``,
  });
}
