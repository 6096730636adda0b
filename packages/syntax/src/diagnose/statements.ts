import { didYouMean, errorOf, nearest, type Diagnostic } from '@drops/diagnostics';
import { tokenMatcher, type IToken } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { hasRole, keywordsByRole } from '../keywords.js';
import { continuationWords } from '../tokens/continuation-words.js';
import * as T from '../tokens/token-types.js';
import { rule, type Failure, type Recognizer } from './failure.js';
import { foreignClauses, foreignStatements } from './foreign-words.js';
import { exampleOf, found, place, shown } from './words.js';

function isName(token: IToken | undefined): boolean {
  return token !== undefined && tokenMatcher(token, T.Name);
}

/** Whether the text is a keyword in another case: `FIND`. */
export function keywordInCase(text: string, words: Iterable<string>): string | undefined {
  const lower = text.toLowerCase();
  return lower !== text && [...words].includes(lower) ? lower : undefined;
}

/** A first word that no statement begins with: it was read as a route, and the rest makes no sense of it. */
export const unknownCommand: Recognizer = (failure) => {
  const { tokens, index, token } = failure;
  const [first] = tokens;
  if (index !== 1 || first?.tokenType !== T.Word || !failure.trailing) return undefined;
  const span = spanOf(first);
  const lower = keywordInCase(first.image, keywordsByRole.statement);
  if (lower !== undefined) {
    return errorOf('UNKNOWN_COMMAND', `keywords are lower case: ${shown(first.image)}`, {
      span,
      hint: `write \`${lower}\``,
    });
  }
  const isClause = token && isName(token) && nearest(token.image, keywordsByRole.clause) !== undefined;
  const meant = isClause ? undefined : didYouMean(first.image, keywordsByRole.statement);
  if (meant !== undefined)
    return errorOf('UNKNOWN_COMMAND', `no statement begins with ${shown(first.image)}`, {
      span,
      hint: meant,
    });
  const foreign = foreignStatements.get(first.image.toLowerCase());
  if (foreign === undefined) return undefined;
  return errorOf('UNKNOWN_COMMAND', `no statement begins with ${shown(first.image)}`, {
    span,
    hint: foreign,
  });
};

/** A token that nothing begins with. */
export const badStart: Recognizer = (failure) => {
  const { token, index } = failure;
  if (!token || rule(failure) !== 'statement' || failure.trailing) return undefined;
  const message = `a statement begins with a verb or a route, not with ${found(token)}`;
  return errorOf('SYNTAX_ERROR', message, {
    span: spanOf(token),
    hint: index === 0 ? hintForStart(token) : undefined,
  });
};

function hintForStart(token: IToken): string | undefined {
  const type = token.tokenType;
  if (type === T.Key) return `put the route before the key: \`users ${token.image}\``;
  if (type === T.Slash) return 'a route does not begin with a slash';
  if (type === T.Label || type === T.StringLabel)
    return 'indent the line when it belongs to the statement above';
  if (type === T.LeftBrace || type === T.LeftParen || type === T.LeftBracket) {
    return 'indent the line when it belongs to the statement above';
  }
  if (type === T.Bar) return 'a pipe follows a query: `find users | count`';
  return undefined;
}

const nounStatements: ReadonlySet<string> = new Set([
  'events',
  'event',
  'value',
  'key',
  'status',
  'schedules',
  'schedule',
  'webhooks',
  'webhook',
  'patterns',
  'context',
  'mail',
  'push',
  'calendar',
  'sql',
  'cron',
  'subkey',
  'count',
  'list',
  'search',
  'query',
  'on',
  'run',
  'export',
  'share',
]);

/** `events where …`, `value @x`: a route that has the name of a statement. */
export const routeNamedLikeKeyword: Recognizer = (failure) => {
  const [first, second, third] = failure.tokens;
  if (!first || !second || !nounStatements.has(first.image) || first.tokenType === T.Word) return undefined;
  const queryWords = ['where', 'sort', 'limit', 'group', 'latest', 'then', 'join', 'history'];
  if (second.tokenType === T.Key) {
    return errorOf(
      'SYNTAX_ERROR',
      `${shown(first.image)} begins a statement of its own, so it is no route here`,
      {
        span: spanOf(first),
        hint: `write \`get ${first.image} ${second.image}\` for the entity`,
      },
    );
  }
  if (!queryWords.includes(second.image) || third?.tokenType === T.Key || failure.index > 3) return undefined;
  if (second.tokenType === T.Label) return undefined;
  return errorOf(
    'SYNTAX_ERROR',
    `${shown(first.image)} begins a statement of its own, so it is no route here`,
    {
      span: spanOf(first),
      hint: `write \`find ${first.image} ${second.image} …\` for the route`,
    },
  );
};

/** `find where a = 1`: the clause word was taken for the route. */
export const missingRoute: Recognizer = (failure) => {
  const { tokens, token } = failure;
  const [first, second] = tokens;
  if (rule(failure) === 'route' || rule(failure) === 'bareRoute') return routeExpected(failure);
  if (!first || !second || failure.index !== 2 || !token) return undefined;
  if (
    !['find', 'query', 'list', 'count', 'search', 'get', 'read'].includes(first.image) ||
    !hasRole(second.image, 'clause')
  )
    return undefined;
  if (second.tokenType === T.Label) return undefined;
  return errorOf('SYNTAX_ERROR', `the route is missing between \`${first.image}\` and \`${second.image}\``, {
    span: spanOf(second),
    hint: `write \`${first.image} route ${second.image} …\``,
  });
};

const writing: ReadonlySet<string> = new Set([
  'save',
  'write',
  'update',
  'patch',
  'remove',
  'delete',
  'add',
  'subtract',
]);

function routeExpected(failure: Failure): Diagnostic {
  const { token, previous } = failure;
  const verb = previous?.image ?? '';
  const span = place(failure);
  if (token?.tokenType === T.Slash) {
    return errorOf('INVALID_ROUTE', 'a route does not begin with a slash', {
      span,
      hint: 'leave the slash out',
    });
  }
  const code = writing.has(verb) || failure.rules.includes('save') ? 'ROUTE_REQUIRED' : 'SYNTAX_ERROR';
  if (token?.tokenType === T.StringLiteral) {
    return errorOf(code, `expected a route after \`${verb}\`, found ${found(token)}`, {
      span,
      hint: 'a string here is a payload; write the route without quotes before it',
    });
  }
  const hint =
    token?.tokenType === T.Key
      ? `write the route before the key: \`${verb} users ${token.image}\``
      : exampleOf(failure.tokens[0]?.image ?? '');
  return errorOf(code, `expected a route after \`${verb}\`, found ${found(token)}`, { span, hint });
}

/** A statement about one entity without its key. */
export const missingKey: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (rule(failure) !== 'key') return undefined;
  const span = place(failure);
  const message = `expected a key after \`${previous?.image ?? ''}\`, found ${found(token)}`;
  const isKeyText =
    token && (isName(token) || token.tokenType === T.NumberLiteral || token.tokenType === T.StringLiteral);
  const hint = isKeyText ? `write \`@${token.image}\`` : 'a key is written `@name`';
  return errorOf('KEY_REQUIRED', message, { span, hint });
};

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
