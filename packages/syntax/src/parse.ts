import { errorOf, type Diagnostic, type Span } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import type { Comment } from './ast/index.js';
import { DropsParser } from './grammar/drops-parser.js';
import { endOf, spanOf } from './grammar/base-parser.js';
import { diagnose } from './diagnose/diagnose.js';
import type { ParsedStatement, ParseResult } from './parse-result.js';
import { lex, maximalTokens } from './tokens/lexer.js';
import { splitStatements, type StatementTokens } from './tokens/split-statements.js';

export interface ParseOptions {
  /** Where an offset of the text lies in the text that spans shall point into. */
  readonly mapOffset?: (offset: number) => number;
}

let parser: DropsParser | undefined;

function theParser(): DropsParser {
  parser ??= new DropsParser();
  return parser;
}

function mapTokens(tokens: readonly IToken[], mapOffset: (offset: number) => number): void {
  for (const token of tokens) {
    const end = endOf(token);
    token.startOffset = mapOffset(token.startOffset);
    token.endOffset = mapOffset(end) - 1;
  }
}

function commentNode(token: IToken): Comment {
  const start = token.startOffset;
  return {
    kind: 'Comment',
    text: token.image,
    span: { start, end: token.endOffset === undefined ? start + token.image.length : endOf(token) },
  };
}

function spanOfTokens(tokens: readonly IToken[]): Span {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first && last ? { start: first.startOffset, end: endOf(last) } : { start: 0, end: 0 };
}

/** What is wrong with the tokens already, before any grammar. */
function faultOfTokens(piece: StatementTokens): Diagnostic | undefined {
  if (piece.tooDeep) {
    return errorOf('SYNTAX_ERROR', 'brackets are nested more than 100 deep', { span: spanOf(piece.tooDeep) });
  }
  if (piece.unclosed) {
    return errorOf('SYNTAX_ERROR', `this \`${piece.unclosed.image}\` is never closed`, {
      span: spanOf(piece.unclosed),
    });
  }
  return undefined;
}

function parseStatement(piece: StatementTokens, source: string): ParsedStatement {
  const span = spanOfTokens(piece.tokens);
  const fault = faultOfTokens(piece);
  if (fault) return { ok: false, errors: [fault], span, warnings: [] };
  const current = theParser();
  const statement = current.run(piece.tokens, source);
  const warnings = current.reports.filter((one) => one.severity === 'warning');
  const errors = current.reports.filter((one) => one.severity === 'error');
  const failure = current.errors[0];
  if (failure) errors.push(diagnose(failure, piece.tokens, source));
  return errors.length === 0 && statement
    ? { ok: true, statement, span, warnings }
    : { ok: false, errors, span, warnings };
}

/**
 * Reads a script: each statement as its tree or its errors, and the comments. Never throws for a text, whatever
 * it holds; every span lies inside the text.
 */
export function parse(text: string, options: ParseOptions = {}): ParseResult {
  const { tokens, comments, large } = lex(text);
  if (large.weight > maximalTokens) return { statements: [tooLarge(text)], comments: [] };
  const pieces = splitStatements(text, tokens);
  if (options.mapOffset) {
    mapTokens(tokens, options.mapOffset);
    mapTokens(comments, options.mapOffset);
  }
  return {
    statements: pieces.map((piece) => parseStatement(piece, text)),
    comments: comments.map(commentNode),
  };
}

function tooLarge(text: string): ParsedStatement {
  const span = { start: 0, end: Math.min(1, text.length) };
  const error = errorOf(
    'SYNTAX_ERROR',
    `the text holds more than ${maximalTokens} words and signs outside of strings`,
    {
      span,
      hint: 'large data belongs in parameters, in strings or in JSON literals',
    },
  );
  return { ok: false, errors: [error], span, warnings: [] };
}
