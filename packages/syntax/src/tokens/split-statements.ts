import type { IToken } from 'chevrotain';
import { hasRole } from '../keywords.js';
import { maximalDepth } from '../limits.js';
import { continuationWords } from './continuation-words.js';
import * as T from './token-types.js';

/** The tokens of one statement, found before it is parsed. */
export interface StatementTokens {
  readonly tokens: IToken[];
  /** A bracket that is never closed. */
  readonly unclosed?: IToken;
  /** A string that is never closed. */
  readonly openString?: IToken;
  /** The bracket that goes too deep. */
  readonly tooDeep?: IToken;
}

interface Brackets {
  readonly unclosed: ReadonlySet<IToken>;
  readonly tooDeep: IToken | undefined;
}

const noBrackets: Brackets = { unclosed: new Set(), tooDeep: undefined };
const openers = new Set([T.LeftParen, T.LeftBracket, T.LeftBrace]);
const closers = new Set([T.RightParen, T.RightBracket, T.RightBrace]);

/** Which brackets stay open, in one pass, so that one of them does not swallow the rest of the script. */
function matchBrackets(tokens: readonly IToken[]): Brackets {
  const open: IToken[] = [];
  let tooDeep: IToken | undefined;
  for (const token of tokens) {
    if (openers.has(token.tokenType)) {
      open.push(token);
      if (open.length > maximalDepth) tooDeep ??= token;
    } else if (closers.has(token.tokenType)) open.pop();
  }
  return open.length === 0 && !tooDeep ? noBrackets : { unclosed: new Set(open), tooDeep };
}

interface LineBreak {
  readonly blank: boolean;
  readonly indent: number;
}

/** What lies between two tokens: no line break, or one with the indentation of the line it opens. */
function lineBreakBetween(text: string, from: number, to: number): LineBreak | undefined {
  let last = -1;
  let blank = false;
  for (let at = from; at < to; at += 1) {
    if (text.charCodeAt(at) !== 0x0a) continue;
    if (last !== -1 && text.slice(last + 1, at).trim() === '') blank = true;
    last = at;
  }
  return last === -1 ? undefined : { blank, indent: to - last - 1 };
}

function indentOfFirst(text: string, token: IToken): number {
  return token.startOffset - (text.lastIndexOf('\n', token.startOffset - 1) + 1);
}

/** Whether a line that is not indented further still belongs to the statement above it. */
function continues(token: IToken, statement: readonly IToken[]): boolean {
  const type = token.tokenType;
  if (type === T.Bar || type === T.Key || type === T.Label || type === T.StringLabel) return true;
  if (type === T.word.then) return true;
  if (hasRole(token.image, 'statement')) return false;
  return continuationWords(statement).has(token.image);
}

/**
 * Splits a script into statements: at `;`, at blank lines and at line breaks, unless the next line is
 * indented further or goes on with a clause. Inside brackets and strings line breaks mean nothing.
 */
export function splitStatements(text: string, tokens: IToken[]): StatementTokens[] {
  const brackets = matchBrackets(tokens);
  const pieces: StatementTokens[] = [];
  let current: IToken[] = [];
  let unclosed: IToken | undefined;
  let tooDeep: IToken | undefined;
  let openString: IToken | undefined;
  let depth = 0;
  let lineIndent = 0;
  let statementIndent = 0;
  let previousEnd = 0;

  const finish = () => {
    if (current.length > 0)
      pieces.push({
        tokens: current,
        ...(unclosed && { unclosed }),
        ...(tooDeep && { tooDeep }),
        ...(openString && { openString }),
      });
    current = [];
    unclosed = undefined;
    tooDeep = undefined;
    openString = undefined;
  };

  for (const token of tokens) {
    if (depth === 0) {
      const lineBreak = lineBreakBetween(text, previousEnd, token.startOffset);
      if (lineBreak) {
        lineIndent = lineBreak.indent;
        const goesOn = !lineBreak.blank && (lineIndent > statementIndent || continues(token, current));
        if (current.length > 0 && !goesOn) finish();
      } else if (previousEnd === 0) lineIndent = indentOfFirst(text, token);
    }
    previousEnd = token.startOffset + token.image.length;
    if (token.tokenType === T.Semicolon && depth === 0) {
      finish();
      continue;
    }
    if (current.length === 0) statementIndent = lineIndent;
    current.push(token);
    if (token.tokenType === T.UnclosedString) openString ??= token;
    if (token === brackets.tooDeep) tooDeep = token;
    if (openers.has(token.tokenType)) {
      if (brackets.unclosed.has(token)) unclosed ??= token;
      else depth += 1;
    } else if (closers.has(token.tokenType) && depth > 0) depth -= 1;
  }
  finish();
  return pieces;
}
