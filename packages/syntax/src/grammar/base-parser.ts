import {
  checkKey,
  checkRoute,
  errorOf,
  positionAt,
  warningOf,
  type Code,
  type Diagnostic,
  type DiagnosticOptions,
  type NameFault,
  type Span,
} from '@drops/diagnostics';
import { EmbeddedActionsParser, EOF, tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import type {
  FieldName,
  KeyName,
  Name as NameNode,
  NumberArgument,
  RouteName,
  StringValue,
  TextArgument,
} from '../ast/index.js';
import { readString } from '../tokens/string-text.js';
import * as T from '../tokens/token-types.js';
import { expectationProvider } from './expectation.js';

/** End of a token, exclusive. */
export function endOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset) + 1;
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

const systemFields: ReadonlySet<string> = new Set(['key', 'created_at', 'drop_id', 'route', 'source']);
/** Whether a bare field of this name is a column of the drop and not of its payload. */
export function isSystemField(name: string): boolean {
  return systemFields.has(name);
}

/** True for names that bare may mean something else than the field of the payload: `score` in the pipes of a search. */
const meansMore = (name: string): boolean => isSystemField(name) || name === 'payload' || name === 'score';

/**
 * What all parts of the grammar share: the source, findings that do not stop the parse, and the smallest
 * nodes. The grammar is a chain of classes, one file for each family of statements, for Chevrotain collects
 * rules as fields of one object.
 */
export abstract class BaseParser extends EmbeddedActionsParser {
  /** Findings of the statement at hand that did not stop its parse. */
  protected findings: Diagnostic[] = [];
  private source = '';

  constructor(validate: boolean) {
    super(T.parserTokens, {
      errorMessageProvider: expectationProvider,
      maxLookahead: 1,
      skipValidations: !validate,
      recoveryEnabled: false,
    });
  }

  /** Makes the parser ready for the tokens of one statement; `source` is what offsets point into. */
  protected begin(tokens: IToken[], source: string): void {
    this.input = tokens;
    this.source = source;
    this.findings = [];
  }

  /** From the first token to the one consumed last. */
  protected spanFrom(first: IToken): Span {
    return { start: first.startOffset, end: endOf(this.LA(0)) };
  }

  protected sourceOf(span: Span): string {
    return this.source.slice(span.start, span.end);
  }

  protected is(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  protected atEnd(ahead = 1): boolean {
    return this.LA(ahead).tokenType === EOF;
  }

  /** Whether a token stands right behind the one before it. */
  protected touches(ahead = 1): boolean {
    return this.LA(ahead).startOffset === endOf(this.LA(ahead - 1));
  }

  protected report(code: Code, message: string, options: DiagnosticOptions): void {
    if (!this.RECORDING_PHASE) this.findings.push(errorOf(code, message, options));
  }

  protected warn(code: Code, message: string, options: DiagnosticOptions): void {
    if (!this.RECORDING_PHASE) this.findings.push(warningOf(code, message, options));
  }

  /** A part that may stand once stands again: an error that names both places. */
  protected reportRepeat(what: string, again: Span, first: Span, hint?: string): void {
    if (this.RECORDING_PHASE) return;
    const { line, column } = positionAt(this.source, first.start);
    const message = `\`${what}\` is given twice; it first stands at line ${line}, column ${column}`;
    this.report('SYNTAX_ERROR', message, {
      span: again,
      hint: hint ?? `keep one \`${what}\``,
      details: [{ first }],
    });
  }

  private reportFault(code: Code, fault: NameFault, contentStart: number): void {
    const span = { start: contentStart + fault.start, end: contentStart + fault.end };
    this.report(code, fault.message, { span, hint: fault.hint });
  }

  /** The text of a string token; reports what cannot be stored. */
  protected textOf(token: IToken, offset = 0): string {
    if (this.RECORDING_PHASE) return '';
    const { value, unknownEscapes } = readString(offset === 0 ? token.image : token.image.slice(offset));
    if (/\p{Surrogate}/u.test(value)) {
      this.report('SYNTAX_ERROR', 'a string holds half of a surrogate pair, which is no character', {
        span: spanOf(token),
        hint: 'write both halves, as in "\\ud83d\\ude00", or the character itself',
      });
    }
    for (const at of unknownEscapes) {
      const start = token.startOffset + offset + at;
      this.warn('SYNTAX_ERROR', 'this escape means nothing; both its characters are kept', {
        span: { start, end: start + 2 },
        hint: 'a backslash itself is written `\\\\`',
      });
    }
    return value;
  }

  protected stringNode(token: IToken): StringValue {
    return { kind: 'StringValue', value: this.textOf(token), span: spanOf(token) };
  }

  protected textNode(token: IToken): TextArgument {
    return token.tokenType === T.Param
      ? { kind: 'Parameter', name: token.image.slice(1), span: spanOf(token) }
      : this.stringNode(token);
  }

  protected nameNode(token: IToken): NameNode {
    return { kind: 'Name', text: token.image, span: spanOf(token) };
  }

  protected routeNode(token: IToken): RouteName {
    const quoted = token.tokenType === T.StringLiteral;
    const written = quoted ? this.textOf(token) : token.image;
    const subtree = written.endsWith('/*');
    const path = subtree ? written.slice(0, -2) : written;
    const fault = this.RECORDING_PHASE ? undefined : checkRoute(path);
    if (fault) this.reportFault('INVALID_ROUTE', fault, token.startOffset + (quoted ? 1 : 0));
    return { kind: 'RouteName', path, subtree, span: spanOf(token) };
  }

  /** The text behind `@`, or its parameter. */
  protected keyText(token: IToken): KeyName['key'] {
    const mark = token.image.charAt(1);
    if (mark === '$') {
      return {
        kind: 'Parameter',
        name: token.image.slice(2),
        span: { start: token.startOffset + 1, end: endOf(token) },
      };
    }
    return mark === '"' || mark === "'" ? this.textOf(token, 1) : token.image.slice(1);
  }

  protected keyNode(token: IToken): KeyName {
    const key = this.keyText(token);
    const quoted = /^@["']/.test(token.image);
    const fault = this.RECORDING_PHASE || typeof key !== 'string' ? undefined : checkKey(key, quoted);
    if (fault) this.reportFault('INVALID_KEY', fault, token.startOffset + (quoted ? 2 : 1));
    return { kind: 'KeyName', key, span: spanOf(token) };
  }

  /** A field from its path as written; `dot` when it began with a dot, which means the payload. */
  protected fieldNode(written: readonly (string | number)[], dot: boolean, span: Span): FieldName {
    const prefixed = !dot && written.length > 1 && written[0] === 'payload';
    const path = prefixed ? written.slice(1) : written;
    const first = path[0];
    const matters = typeof first === 'string' && meansMore(first);
    return { kind: 'FieldName', path, payload: (dot || prefixed) && matters, span };
  }

  /** A number that must be whole and not below `least`, unless it is a parameter. */
  protected checkWhole(what: string, argument: NumberArgument, least = 0): NumberArgument {
    if (this.RECORDING_PHASE || argument.kind === 'Parameter') return argument;
    if (!Number.isSafeInteger(argument.value) || argument.value < least) {
      this.report('TYPE_ERROR', `\`${what}\` takes a whole number from ${least}, not ${argument.value}`, {
        span: argument.span,
      });
    }
    return argument;
  }
}
