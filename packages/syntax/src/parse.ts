import { errorOf, type Diagnostic, type Span } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import type { Comment } from './ast/index.js';
import { DropsParser } from './grammar/drops-parser.js';
import { endOf, spanOf } from './grammar/base-parser.js';
import { diagnose } from './diagnose/diagnose.js';
import { faultOfTokens } from './diagnose/tokens.js';
import { warnOfMistypedVerb } from './diagnose/mistyped-verb.js';
import type { ParsedStatement, ParseResult } from './parse-result.js';
import { keepInnerStatement } from './grammar/inner-statement.js';
import { lex, maximalTokens, setType } from './tokens/lexer.js';
import { lengthOfExplain } from './tokens/continuation-words.js';
import { innerOffsets, readString } from './tokens/string-text.js';
import { Key, NumberLiteral, Param, StringLiteral, word } from './tokens/token-types.js';
import { splitStatements, type StatementTokens } from './tokens/split-statements.js';

export interface ParseOptions {
  /** Where an offset of the text lies in the text that spans shall point into. */
  readonly mapOffset?: (offset: number) => number;
  /** Literals that are read as if a parameter stood there: its name by the offset of the literal. */
  readonly parameters?: ReadonlyMap<number, string>;
}

/** What spans point into. For the text of a `translate` that is the text around it. */
interface Source extends ParseOptions {
  readonly text: string;
}

const none: readonly Diagnostic[] = [];
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

/** Puts parameters in the place of literals; only their images change, so that spans stay. */
function openLiterals(tokens: readonly IToken[], parameters: ReadonlyMap<number, string>): void {
  for (const token of tokens) {
    const name = parameters.get(token.startOffset);
    if (name === undefined) continue;
    if (token.tokenType === Key) token.image = `@$${name}`;
    else if (token.tokenType === StringLiteral || token.tokenType === NumberLiteral) {
      setType(token, Param);
      token.image = `$${name}`;
    }
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

/** The string behind `translate`, also inside an `explain`. */
function translatedText(tokens: readonly IToken[]): IToken | undefined {
  const at = lengthOfExplain(tokens);
  const text = tokens[at + 1];
  return tokens[at]?.tokenType === word.translate && text?.tokenType === StringLiteral ? text : undefined;
}

/** Parses the text of a `translate` with the parser of its outside; its spans point into the outer text. */
function parseInner(token: IToken, source: Source): Diagnostic[] {
  const toOuter = innerOffsets(token.image, token.startOffset);
  const { statements } = parseSource(readString(token.image).value, {
    text: source.text,
    mapOffset: toOuter,
  });
  const [only, second] = statements;
  if (!only)
    return [
      errorOf('SYNTAX_ERROR', '`translate` takes a statement, and this text holds none', {
        span: spanOf(token),
      }),
    ];
  if (second) {
    return [
      errorOf('SYNTAX_ERROR', '`translate` takes exactly one statement', {
        span: second.span,
        hint: 'translate each on its own',
      }),
    ];
  }
  if (!only.ok) return [...only.errors];
  keepInnerStatement(token, only.statement);
  return [...only.warnings];
}

/** The failure that stopped the parse; what was reported about the same place before says less. */
function addFailure(findings: Diagnostic[], failure: Diagnostic): void {
  const { span } = failure;
  const others = findings.filter(
    (one) => !span || !one.span || one.span.end <= span.start || one.span.start >= span.end,
  );
  findings.splice(0, findings.length, ...others, failure);
}

function parseStatement(piece: StatementTokens, source: Source): ParsedStatement {
  const span = spanOfTokens(piece.tokens);
  const fault = faultOfTokens(piece);
  if (fault) return { ok: false, errors: [fault], span, warnings: [] };
  const inner = translatedText(piece.tokens);
  const findings = inner ? parseInner(inner, source) : [];
  const current = theParser();
  const statement = current.parseTokens(piece.tokens, source.text);
  findings.push(...current.reports);
  const failure = current.errors[0];
  if (failure) addFailure(findings, diagnose(failure, piece.tokens, source.text));
  else warnOfMistypedVerb(findings, piece.tokens);
  if (findings.length === 0 && statement) return { ok: true, statement, span, warnings: none };
  const warnings = findings.filter((one) => one.severity === 'warning');
  const errors = findings.filter((one) => one.severity === 'error');
  return errors.length === 0 && statement
    ? { ok: true, statement, span, warnings }
    : { ok: false, errors, span, warnings };
}

/**
 * Reads a script: each statement as its tree or its errors, and the comments. Never throws for a text, whatever
 * it holds; every span lies inside the text.
 */
export function parse(text: string, options: ParseOptions = {}): ParseResult {
  return parseSource(text, { text, ...options });
}

function parseSource(text: string, source: Source): ParseResult {
  const { tokens, comments, large } = lex(text);
  if (large.weight > maximalTokens) return { statements: [tooLarge(text)], comments: [] };
  const pieces = splitStatements(text, tokens);
  if (source.parameters) openLiterals(tokens, source.parameters);
  if (source.mapOffset) {
    mapTokens(tokens, source.mapOffset);
    mapTokens(comments, source.mapOffset);
  }
  return {
    statements: pieces.map((piece) => parseStatement(piece, source)),
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
