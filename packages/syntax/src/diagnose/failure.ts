import type { Diagnostic } from '@drops/diagnostics';
import { EOF, type IRecognitionException, type IToken, type TokenType } from 'chevrotain';
import { endOf } from '../grammar/base-parser.js';
import { lengthOfExplain } from '../tokens/continuation-words.js';
import { lastExpectation } from '../grammar/expectation.js';

/** A failure of the parser with all that explains it. */
export interface Failure {
  /** The tokens of the statement, without `explain` before it. */
  readonly tokens: readonly IToken[];
  /** Which token could not stand there; `tokens.length` for the end. */
  readonly index: number;
  readonly token: IToken | undefined;
  readonly previous: IToken | undefined;
  readonly next: IToken | undefined;
  /** The rules that were open, outermost first. */
  readonly rules: readonly string[];
  readonly expected: readonly TokenType[];
  /** What the grammar calls the expected thing: `a route`. */
  readonly phrase: string | undefined;
  /** The statement was complete, and something follows it. */
  readonly trailing: boolean;
  /** The text the spans point into. */
  readonly source: string;
}

/** Tries to explain a failure; undefined when it is not of its kind. */
export type Recognizer = (failure: Failure) => Diagnostic | undefined;

/** Gathers what is known about a failure. */
export function failureOf(
  exception: IRecognitionException,
  tokens: readonly IToken[],
  source: string,
): Failure {
  const expectation = lastExpectation();
  const found = exception.token.tokenType === EOF ? -1 : tokens.indexOf(exception.token);
  const index = found === -1 ? tokens.length : found;
  const start = lengthOfExplain(tokens);
  return {
    tokens: tokens.slice(start),
    index: index - start,
    token: tokens[index],
    previous: tokens[index - 1],
    next: tokens[index + 1],
    rules: exception.context.ruleStack,
    expected: exception.message ? [] : (expectation?.expected ?? []),
    // A phrase on a single token comes as the message itself, without asking the provider.
    phrase: exception.message || expectation?.phrase,
    trailing: exception.name === 'NotAllInputParsedException',
    source,
  };
}

/** Whether the second token stands right behind the first. */
export function touch(first: IToken | undefined, second: IToken | undefined): boolean {
  return first !== undefined && second !== undefined && endOf(first) === second.startOffset;
}

/** Whether the failure happened inside a rule. */
export function inside(failure: Failure, ...rules: readonly string[]): boolean {
  return rules.some((rule) => failure.rules.includes(rule));
}

/** The innermost open rule. */
export function rule(failure: Failure): string {
  return failure.rules.at(-1) ?? '';
}
