import { errorOf, type Diagnostic } from '@drops/diagnostics';
import type { IRecognitionException, IToken } from 'chevrotain';
import { bareAddress, commentInstead, doubledSign, keyWithRest, oddCharacter } from './characters.js';
import {
  anythingElse,
  barePrincipal,
  bulkHabits,
  isInsteadOfEqual,
  missingOperator,
  namelessSchedule,
  notInSet,
  pairAsClause,
  pairAsCondition,
  pipeAfterCount,
  trailing,
} from './expected.js';
import { failureOf, type Recognizer } from './failure.js';
import {
  colonAfterClause,
  missingThen,
  nearClause,
  queryHabits,
  searchClause,
  searchText,
  secondStatement,
} from './after-statement.js';
import {
  badStart,
  missingKey,
  missingRoute,
  routeNamedLikeKeyword,
  unknownCommand,
} from './statement-start.js';
import {
  badPayload,
  bareValue,
  commas,
  missingColon,
  notANumber,
  routeAmongOperands,
  wrongCloser,
} from './values.js';

/** What explains a failure, most special first. */
const recognizers: readonly Recognizer[] = [
  keyWithRest,
  bareAddress,
  doubledSign,
  oddCharacter,
  commentInstead,
  wrongCloser,
  commas,
  colonAfterClause,
  unknownCommand,
  routeNamedLikeKeyword,
  missingRoute,
  missingKey,
  badStart,
  searchClause,
  searchText,
  bulkHabits,
  barePrincipal,
  namelessSchedule,
  queryHabits,
  secondStatement,
  missingThen,
  nearClause,
  badPayload,
  missingColon,
  bareValue,
  pairAsCondition,
  missingOperator,
  isInsteadOfEqual,
  pairAsClause,
  routeAmongOperands,
  notANumber,
  notInSet,
  pipeAfterCount,
  trailing,
  anythingElse,
];

/** Says why a statement could not be parsed: what stands there, what could, and one likely repair. */
export function diagnose(
  exception: IRecognitionException,
  tokens: readonly IToken[],
  source: string,
): Diagnostic {
  const failure = failureOf(exception, tokens, source);
  for (const recognizer of recognizers) {
    const diagnostic = recognizer(failure);
    if (diagnostic) return diagnostic;
  }
  return errorOf('SYNTAX_ERROR', 'the statement cannot be read', {});
}
