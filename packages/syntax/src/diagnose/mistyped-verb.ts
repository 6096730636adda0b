import { didYouMean, warningOf, type Diagnostic } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import { spanOf } from '../grammar/base-parser.js';
import { keywordsByRole } from '../keywords.js';
import { Word } from '../tokens/token-types.js';
import { keywordInCase } from './words.js';

/** `schedulse` alone lists a route of that name; most likely a verb was meant. */
export function warnOfMistypedVerb(findings: Diagnostic[], tokens: readonly IToken[]): void {
  const [only] = tokens;
  if (!only || tokens.length > 1 || only.tokenType !== Word) return;
  const lower = keywordInCase(only.image, keywordsByRole.statement);
  const hint =
    lower === undefined
      ? didYouMean(only.image, keywordsByRole.statement)
      : `keywords are lower case: \`${lower}\``;
  if (hint === undefined) return;
  findings.push(
    warningOf('UNKNOWN_COMMAND', `\`${only.image}\` is no statement; it lists the route of that name`, {
      span: spanOf(only),
      hint,
    }),
  );
}
