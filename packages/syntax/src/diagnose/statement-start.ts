import { didYouMean, errorOf, nearest, type Diagnostic } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import { spanOf } from '../grammar/base-parser.js';
import { hasRole, keywordsByRole } from '../keywords.js';
import * as T from '../tokens/token-types.js';
import { rule, type Failure, type Recognizer } from './failure.js';
import { foreignStatements } from './foreign-words.js';
import { isName, keywordInCase, exampleOf, found, place, shown } from './words.js';

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
