import { didYouMean, errorOf, nearest } from '@drops/diagnostics';
import { tokenMatcher, type IToken } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { hasRole, keywordsByRole } from '../keywords.js';
import { continuationWords } from '../tokens/continuation-words.js';
import * as T from '../tokens/token-types.js';
import { type Failure, type Recognizer } from './failure.js';
import { foreignClauses } from './foreign-words.js';
import { isName, keywordInCase, found, shown } from './words.js';

/** `users @alice update users @alice …` on one line. */
export const secondStatement: Recognizer = (failure) => {
  const { token, next, tokens, index } = failure;
  if (!failure.trailing || !token || !next || !isName(token) || !hasRole(token.image, 'statement'))
    return undefined;
  const startsRoute =
    isName(next) ||
    next.tokenType === T.Path ||
    next.tokenType === T.StringLiteral ||
    next.tokenType === T.NumberLiteral ||
    next.image === '(';
  if (!startsRoute || (isQuery(failure) && isPipeWithoutThen(tokens, index))) return undefined;
  return errorOf('SYNTAX_ERROR', `a second statement begins at \`${token.image}\``, {
    span: spanOf(token),
    hint: 'put it on a new line, or `;` before it',
  });
};

/** Whether the statement reads drops with clauses and pipes. */
export function isQuery({ tokens }: Failure): boolean {
  const head = tokens[0]?.image ?? '';
  if (hasRole(head, 'statement'))
    return ['find', 'query', 'list', 'search', 'primitives', 'count'].includes(head);
  return tokens[1]?.tokenType !== T.Key;
}

/** Whether a `save` or `remove` behind a query lacks what a statement of its own would have. */
function isPipeWithoutThen(tokens: readonly IToken[], index: number): boolean {
  const word = tokens[index]?.image ?? '';
  if (!hasRole(word, 'action')) return false;
  const rest = tokens.slice(index + 1);
  if (word === 'remove' || word === 'delete') return !rest.some((token) => token.tokenType === T.Key);
  return !rest.some(
    (token) =>
      tokenMatcher(token, T.MemberName) || token.image === '{' || token.tokenType === T.StringLiteral,
  );
}

/** `find users pick name`, and clauses behind a pipe. */
export const missingThen: Recognizer = (failure) => {
  const { token, tokens, index } = failure;
  if (!failure.trailing || !token || !isName(token) || !isQuery(failure)) return undefined;
  const piped = tokens
    .slice(0, index)
    .some((one) => one.tokenType === T.word.then || one.tokenType === T.Bar);
  if (hasRole(token.image, 'action')) {
    return errorOf('SYNTAX_ERROR', `\`then\` is missing before \`${token.image}\``, {
      span: spanOf(token),
      hint: `write \`then ${token.image} …\``,
    });
  }
  if (piped && (hasRole(token.image, 'clause') || hasRole(token.image, 'aggregate'))) {
    return errorOf(
      'SYNTAX_ERROR',
      `\`${token.image}\` is a clause, and clauses stand before the first \`then\``,
      { span: spanOf(token) },
    );
  }
  return undefined;
};

/** `group by city`, `count amount`, a condition without `where`. */
export const queryHabits: Recognizer = (failure) => {
  const { token, previous, next, tokens, index } = failure;
  if (!failure.trailing || !token || !previous) return undefined;
  const before = tokens[index - 2]?.image;
  if (previous.image === 'by' && (before === 'sort' || before === 'group')) {
    return errorOf('SYNTAX_ERROR', `\`${before}\` takes its field without \`by\``, {
      span: spanOf(previous),
      hint: `write \`${before} ${token.image}\``,
    });
  }
  if (previous.image === 'count' && token.tokenType === T.Word) {
    return errorOf('SYNTAX_ERROR', `\`count\` counts rows and takes no field, found ${found(token)}`, {
      span: spanOf(token),
      hint: `leave \`${token.image}\` out, or count its values with \`distinct ${token.image}\``,
    });
  }
  const isTested = next && (tokenMatcher(next, T.Comparison) || tokenMatcher(next, T.role.operator));
  if (isQuery(failure) && isTested && (isName(token) || token.tokenType === T.DotField)) {
    return errorOf('SYNTAX_ERROR', `expected a clause, found the condition at \`${token.image}\``, {
      span: spanOf(token),
      hint: `write \`where ${token.image} ${next.image} …\``,
    });
  }
  return undefined;
};

/** The search text given twice, or not first. */
export const searchText: Recognizer = ({ token, tokens, trailing }) => {
  if (!trailing || tokens[0]?.image !== 'search' || token?.tokenType !== T.StringLiteral) return undefined;
  if (tokens[2]?.tokenType === T.StringLiteral) {
    const first = spanOf(tokens[2]);
    return errorOf('SYNTAX_ERROR', 'a search takes one text, and this is the second', {
      span: spanOf(token),
      hint: 'put both into one string',
      details: [{ first }],
    });
  }
  return errorOf('SYNTAX_ERROR', 'the text of a search stands right behind the route', {
    span: spanOf(token),
    hint: `write \`search ${tokens[1]?.image ?? 'route'} ${token.image} …\``,
  });
};

const findClauses: ReadonlySet<string> = new Set(['skip', 'offset', 'after', 'history', 'latest']);

/** `search docs "a" after "…"`: a clause that only a find has. */
export const searchClause: Recognizer = ({ token, tokens, trailing }) => {
  if (!trailing || tokens[0]?.image !== 'search' || !token || !findClauses.has(token.image)) return undefined;
  return errorOf(
    'SYNTAX_ERROR',
    `a search takes no \`${token.image}\`: it gives its best results, best first`,
    {
      span: spanOf(token),
      hint: 'ask for more of them with `top`, up to 1000; `then skip 10` passes over the best',
    },
  );
};

/** `limit: 10`, `mail to: "x"`: a clause written like data. */
export const colonAfterClause: Recognizer = (failure) => {
  const { tokens, index } = failure;
  const label = [tokens[index], tokens[index - 1], tokens[index - 2]].find(
    (one) => one?.tokenType === T.Label,
  );
  if (!label) return undefined;
  const isClause = continuationWords(tokens).has(label.image);
  const inData = failure.rules.some((name) => ['member', 'object', 'pairs', 'payload'].includes(name));
  if (!isClause || inData) return undefined;
  return errorOf('SYNTAX_ERROR', `\`${label.image}\` is written without a colon here`, {
    span: { start: label.startOffset, end: endOf(label) },
    hint: `write \`${label.image} …\`; a colon names data`,
  });
};

/** A word that is nearly a clause, or a clause of another language. */
export const nearClause: Recognizer = (failure) => {
  const { token, tokens, index } = failure;
  if (!failure.trailing || !token || !isName(token)) return undefined;
  const words = [...continuationWords(tokens.slice(0, index)), 'then'];
  const span = spanOf(token);
  const lower = keywordInCase(token.image, [...words, ...keywordsByRole.action, ...keywordsByRole.direction]);
  if (lower !== undefined)
    return errorOf('SYNTAX_ERROR', `keywords are lower case: ${shown(token.image)}`, {
      span,
      hint: `write \`${lower}\``,
    });
  const foreign = isQuery(failure) ? foreignClauses.get(token.image.toLowerCase()) : undefined;
  const meant = nearestOf(token.image, words, failure);
  if (meant !== undefined)
    return errorOf('SYNTAX_ERROR', `${shown(token.image)} is no clause of this statement`, {
      span,
      hint: meant,
    });
  if (foreign === undefined) return undefined;
  return errorOf('SYNTAX_ERROR', `${shown(token.image)} is no clause of this statement`, {
    span,
    hint: foreign,
  });
};

function nearestOf(text: string, words: readonly string[], failure: Failure): string | undefined {
  const direct = didYouMean(text, words);
  if (direct !== undefined || !isQuery(failure)) return direct;
  const action = nearest(text, keywordsByRole.action);
  if (action !== undefined) return `did you mean 'then ${action}'?`;
  return didYouMean(text, [...keywordsByRole.direction, 'and', 'or']);
}
