import { errorOf, type Diagnostic } from '@drops/diagnostics';
import { EOF, type IRecognitionException, type IToken } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { lastExpectation } from '../grammar/expectation.js';

/** The failure of a statement as people read it. */
export function diagnose(
  failure: IRecognitionException,
  tokens: readonly IToken[],
  _source: string,
): Diagnostic {
  const expectation = lastExpectation();
  const token = failure.token;
  const atEnd = token.tokenType === EOF;
  const last = tokens.at(-1);
  const span = atEnd && last ? { start: endOf(last), end: endOf(last) } : spanOf(token);
  const found = atEnd ? 'the end of the statement' : `\`${token.image.slice(0, 40)}\``;
  const wanted = expectation?.phrase ?? expectation?.expected.map((type) => type.name).join(', ');
  return errorOf('SYNTAX_ERROR', wanted ? `expected ${wanted}, found ${found}` : `unexpected ${found}`, {
    span,
  });
}
