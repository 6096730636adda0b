import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';

/** What the parser wanted when it stopped, as data; the words are found later. */
export interface Expectation {
  readonly expected: readonly TokenType[];
  /** The phrase of the grammar for it, if it has one: `a route`. */
  readonly phrase?: string;
  readonly rule: string;
  readonly actual: IToken | undefined;
  readonly previous: IToken | undefined;
}

let last: Expectation | undefined;

/** The expectation of the failure that was raised last. */
export function lastExpectation(): Expectation | undefined {
  return last;
}

function firstTokens(paths: TokenType[][][]): TokenType[] {
  return paths.flatMap((alternative) => alternative.flatMap((path) => path.slice(0, 1)));
}

/** Chevrotain asks for a message when a rule fails; this keeps what was expected instead. */
export const expectationProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage({ expected, actual, previous, ruleName }) {
    last = { expected: [expected], rule: ruleName, actual, previous };
    return '';
  },
  buildNotAllInputParsedMessage({ firstRedundant, ruleName }) {
    last = { expected: [], rule: ruleName, actual: firstRedundant, previous: undefined };
    return '';
  },
  buildNoViableAltMessage({ expectedPathsPerAlt, actual, previous, customUserDescription, ruleName }) {
    last = {
      expected: firstTokens(expectedPathsPerAlt),
      rule: ruleName,
      actual: actual[0],
      previous,
      ...(customUserDescription && { phrase: customUserDescription }),
    };
    return '';
  },
  buildEarlyExitMessage({ expectedIterationPaths, actual, previous, customUserDescription, ruleName }) {
    last = {
      expected: expectedIterationPaths.flatMap((path) => path.slice(0, 1)),
      rule: ruleName,
      actual: actual[0],
      previous,
      ...(customUserDescription && { phrase: customUserDescription }),
    };
    return '';
  },
};
