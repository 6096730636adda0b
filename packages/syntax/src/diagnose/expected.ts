import { didYouMean, errorOf } from '@drops/diagnostics';
import { tokenMatcher } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { hasRole, keywordsByRole } from '../keywords.js';
import { continuationWords } from '../tokens/continuation-words.js';
import * as T from '../tokens/token-types.js';
import { inside, rule, touch, type Recognizer } from './failure.js';
import { foreignOperators } from './foreign-words.js';
import { isQuery } from './after-statement.js';
import { keywordInCase, either, exampleOf, found, place, shown, wanted, wordsOf } from './words.js';

const operatorWords = [
  'contains',
  'starts with',
  'ends with',
  'in',
  'not in',
  'exists',
  'not exists',
  'between',
  'is null',
  'is not null',
];

/** A condition without an operator, or with one of another language. */
export const missingOperator: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (failure.phrase !== 'an operator' || rule(failure) !== 'comparison') return undefined;
  const span = place(failure);
  const name = previous?.image ?? '';
  const message = `expected an operator after \`${name}\`, found ${found(token)}`;
  if (!token)
    return errorOf('SYNTAX_ERROR', message, { span, hint: `\`${name} exists\` asks whether it is there` });
  const lower = keywordInCase(token.image, keywordsByRole.operator);
  if (lower !== undefined) {
    return errorOf('SYNTAX_ERROR', `keywords are lower case: ${shown(token.image)}`, {
      span,
      hint: `write \`${lower}\``,
    });
  }
  const hint =
    foreignOperators.get(token.image.toLowerCase()) ??
    didYouMean(token.image, [...operatorWords, 'starts', 'ends', 'not', 'is']);
  if (hint === undefined && token.tokenType === T.Colon) {
    return errorOf('SYNTAX_ERROR', message, { span, hint: 'conditions compare with `=`' });
  }
  const isLiteral = token.tokenType === T.StringLiteral || token.tokenType === T.NumberLiteral;
  const fallback = isLiteral ? `write \`${name} = ${shown(token.image).slice(1, -1)}\`` : undefined;
  return errorOf('SYNTAX_ERROR', message, { span, hint: hint ?? fallback });
};

/** `where name: "x"`: a pair where a condition stands. */
export const pairAsCondition: Recognizer = (failure) => {
  const { token } = failure;
  if (token?.tokenType !== T.Label || !inside(failure, 'predicate')) return undefined;
  return errorOf('SYNTAX_ERROR', `a condition compares with an operator, found \`${token.image}:\``, {
    span: { start: token.startOffset, end: endOf(token) },
    hint: `write \`${token.image} = …\``,
  });
};

/** A label behind a query, where only `total: sum amount` makes sense. */
export const pairAsClause: Recognizer = (failure) => {
  const { token, tokens, index } = failure;
  if (failure.phrase !== 'an aggregate') return undefined;
  const label = tokens[index - 2];
  if (!label) return undefined;
  return errorOf('SYNTAX_ERROR', `expected an aggregate after \`${label.image}:\`, found ${found(token)}`, {
    span: place(failure),
    hint: `a condition is written \`where ${label.image} = …\`, a column \`${label.image}: sum field\``,
  });
};

/** A word of a closed set (mode, format, target, unit, action …) that is not in it. */
export const notInSet: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (!token || !tokenMatcher(token, T.Name)) return undefined;
  const words = wordsOf(failure.expected);
  if (words.length === 0) return undefined;
  const lower = keywordInCase(token.image, words);
  const after = previous ? ` after \`${previous.image}\`` : '';
  const message = `expected ${wanted(failure)}${after}, found ${found(token)}`;
  if (lower !== undefined)
    return errorOf('SYNTAX_ERROR', message, {
      span: spanOf(token),
      hint: `keywords are lower case: \`${lower}\``,
    });
  const special = specialHint(token.image, wanted(failure));
  return errorOf('SYNTAX_ERROR', message, {
    span: spanOf(token),
    hint: special ?? didYouMean(token.image, words) ?? exampleOf(failure.tokens[0]?.image ?? ''),
  });
};

function specialHint(text: string, phrase: string): string | undefined {
  if (phrase.startsWith('a unit') && /^(seconds?|s)$/.test(text)) return 'the smallest unit is a minute';
  if (phrase.startsWith('a unit') && /^years?$/.test(text))
    return 'write a five-field time: `every "0 9 1 1 *" name: run …`';
  if (!phrase.startsWith('an action')) return undefined;
  if (['group', 'join', 'having', 'latest', 'history'].includes(text))
    return `\`${text}\` is a clause: write it before the first \`then\``;
  if (text === 'update') return 'save the rows to a route: `then save route`';
  return text === 'email' || text === 'mail' ? 'write `then send email to …`' : undefined;
}

/** `a is 5`: only `null` is asked for so. */
export const isInsteadOfEqual: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (rule(failure) !== 'nullTest' || !token || !previous) return undefined;
  const sign = previous.image === 'not' ? '!=' : '=';
  return errorOf('SYNTAX_ERROR', `expected \`null\` after \`${previous.image}\`, found ${found(token)}`, {
    span: spanOf(token),
    hint: `compare with \`${sign}\``,
  });
};

/** What a bulk holds, and how. */
export const bulkHabits: Recognizer = (failure) => {
  const { token, previous, tokens } = failure;
  const at = rule(failure);
  if (tokens[0]?.image !== 'bulk' || !token) return undefined;
  const message = `expected ${wanted(failure)} after ${shown(previous?.image ?? '')}, found ${found(token)}`;
  if (at === 'bulk' && hasRole(token.image, 'statement')) {
    const isFirst = previous?.image === 'bulk';
    const wording = isFirst ? message : `expected \`,\` before \`${token.image}\``;
    const hint = isFirst ? 'write `bulk (save …, remove …)`' : 'the writes of a bulk are separated by commas';
    return errorOf('SYNTAX_ERROR', wording, { span: spanOf(token), hint });
  }
  if (at !== 'write') return undefined;
  return errorOf('SYNTAX_ERROR', message, {
    span: spanOf(token),
    hint: 'a bulk holds `save`, `update`, `remove`, `add` and `subtract`',
  });
};

/** A principal that is no key: only the first may be a bare word. */
export const barePrincipal: Recognizer = (failure) => {
  const { token, previous, tokens } = failure;
  const head = tokens[0]?.image ?? '';
  if (!token || !['share', 'grant', 'unshare', 'revoke'].includes(head)) return undefined;
  if (token.tokenType === T.Minus && (touch(previous, token) || failure.phrase === 'a key')) {
    return errorOf('SYNTAX_ERROR', 'a key that begins or ends with `-` needs `@` or quotes', {
      span: spanOf(token),
      hint: 'write `@` before the whole key',
    });
  }
  if (!failure.trailing || token.tokenType !== T.Word) return undefined;
  const mode =
    head === 'share' || head === 'grant' ? didYouMean(token.image, keywordsByRole.mode) : undefined;
  return errorOf('SYNTAX_ERROR', `expected a key or a mode, found ${found(token)}`, {
    span: spanOf(token),
    hint: mode ?? `a key behind the first is written \`@${token.image}\``,
  });
};

/** `every day at 9am run …`: the schedule has no name. */
export const namelessSchedule: Recognizer = (failure) => {
  const { token } = failure;
  if (rule(failure) !== 'scheduled') return undefined;
  return errorOf('SYNTAX_ERROR', `expected a name and \`:\`, found ${found(token)}`, {
    span: place(failure),
    hint: 'a schedule has a name: `every day at 9am my-job: run fn/report`',
  });
};

/** `count users then …`: a count is the end of its query. */
export const pipeAfterCount: Recognizer = ({ token, tokens, trailing: isTrailing }) => {
  if (!isTrailing || tokens[0]?.image !== 'count' || !token) return undefined;
  if (token.tokenType !== T.word.then && token.tokenType !== T.Bar) return undefined;
  return errorOf('SYNTAX_ERROR', `\`count\` is no query with pipes, found ${found(token)}`, {
    span: spanOf(token),
    hint: `write \`find ${tokens[1]?.image ?? 'route'} … then count\``,
  });
};

/** Something behind a statement that is complete. */
export const trailing: Recognizer = (failure) => {
  const { token, tokens, index } = failure;
  if (!failure.trailing || !token) return undefined;
  const head = tokens[0]?.image ?? '';
  const isLoneRoute = index === 1 && !T.keywordTokens.has(head);
  const beforeLast = tokens[index - 2]?.image;
  if (failure.previous?.image === 'of' && beforeLast === 'as') {
    return errorOf(
      'SYNTAX_ERROR',
      `\`as of\` takes a date in quotes or \`tx\` and a number, found ${found(token)}`,
      {
        span: spanOf(token),
        hint: 'as in `as of "2026-01-01"` or `as of tx 42`',
      },
    );
  }
  const options = [...continuationWords(tokens.slice(0, index))].slice(0, 8).map((text) => `\`${text}\``);
  const rest =
    options.length > 0 ? `${options.join(', ')} or the end of the statement` : 'the end of the statement';
  const forQuery = isQuery(failure) ? 'a clause, `then` or the end of the statement' : rest;
  const expected = isLoneRoute ? 'a key, a clause or `then`' : forQuery;
  const isName = token.tokenType === T.Word;
  const hint =
    isLoneRoute && isName && !failure.next ? `for one entity write \`${head} @${token.image}\`` : undefined;
  return errorOf('SYNTAX_ERROR', `expected ${expected}, found ${found(token)}`, {
    span: spanOf(token),
    hint,
  });
};

/** Whatever the others leave: what was wanted, after what, and what stands there. */
export const anythingElse: Recognizer = (failure) => {
  const { token, previous, tokens } = failure;
  const head = tokens[0]?.image ?? '';
  const after = previous
    ? ` after ${shown(previous.tokenType === T.Label ? `${previous.image}:` : previous.image)}`
    : '';
  const expected = wanted(failure) || either(['something else']);
  return errorOf('SYNTAX_ERROR', `expected ${expected}${after}, found ${found(token)}`, {
    span: place(failure),
    hint: exampleOf(head),
  });
};
