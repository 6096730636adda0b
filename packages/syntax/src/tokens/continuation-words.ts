import type { IToken } from 'chevrotain';
import { hasRole, keywordsByRole } from '../keywords.js';
import { Key, word } from './token-types.js';

const query: readonly string[] = [...keywordsByRole.clause, ...keywordsByRole.aggregate, 'and', 'or'];
const search: readonly string[] = [
  ...keywordsByRole.searchOption,
  ...['inner', 'left', 'join', 'group', 'having', 'sort'],
  ...keywordsByRole.aggregate,
  'and',
  'or',
];
const write: readonly string[] = keywordsByRole.writeOption;
const run: readonly string[] = keywordsByRole.runOption;

/** Words that go on with a statement when they begin its next line, by the word the statement begins with. */
const wordsByStatement: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['get', ['history', 'limit', 'as']],
  ['read', ['history', 'limit', 'as']],
  ['search', search],
  ['primitives', [...query, ...keywordsByRole.facet]],
  ['save', write],
  ['write', write],
  ['update', write],
  ['patch', write],
  ['remove', ['if']],
  ['delete', ['if']],
  ['add', ['to']],
  ['subtract', ['from']],
  ['define', ['version', 'fields', 'index']],
  ['undefine', ['index']],
  ['share', ['with', 'mode', 'can', ...keywordsByRole.mode]],
  ['grant', ['to', 'mode', 'can', ...keywordsByRole.mode]],
  ['unshare', ['from']],
  ['revoke', ['from']],
  ['run', run],
  ['every', run],
  ['cron', run],
  ['when', ['changes', 'call', 'secret']],
  ['on', ['changes', 'call', 'secret']],
  ['export', ['latest', 'where', 'as', 'dialect', 'and', 'or']],
  ['translate', ['to']],
  ['mail', keywordsByRole.mailOption],
  ['push', keywordsByRole.pushOption],
  ['value', [...keywordsByRole.currencyOption, 'to', 'holder', 'limit', 'creator']],
  ['event', keywordsByRole.eventField],
  ['events', keywordsByRole.period],
  ['rsvp', keywordsByRole.answer],
  ['subkey', ['revoke']],
]);

const setsByStatement = new Map([...wordsByStatement].map(([first, words]) => [first, new Set(words)]));
const queryWords: ReadonlySet<string> = new Set(['find', 'query', 'list', 'count']);
const noWords: ReadonlySet<string> = new Set();
const querySet: ReadonlySet<string> = new Set(query);
const getSet: ReadonlySet<string> = new Set(['history', 'limit', 'as']);
const mailingQuerySet: ReadonlySet<string> = new Set([...query, ...keywordsByRole.emailPart]);

/** How many tokens `explain analyze` takes before the statement itself. */
export function lengthOfExplain(statement: readonly IToken[]): number {
  if (statement[0]?.tokenType !== word.explain) return 0;
  const mode = statement[1]?.tokenType;
  return mode === word.analyze || mode === word.access ? 2 : 1;
}

/** Enough to look back over the parts of a `send email`. */
const lookBack = 16;

/** Whether the last pipe sends an e-mail, whose parts may stand on lines of their own. */
function isMailing(statement: readonly IToken[]): boolean {
  return statement.slice(-lookBack).some((token) => token.tokenType === word.send);
}

/** The clause words of the statement that these tokens begin. */
export function continuationWords(statement: readonly IToken[]): ReadonlySet<string> {
  const start = lengthOfExplain(statement);
  const head = statement[start]?.image ?? '';
  const own = setsByStatement.get(head);
  if (own) return own;
  if (hasRole(head, 'statement') && !queryWords.has(head)) return noWords;
  if (statement[start + 1]?.tokenType === Key) return getSet;
  return isMailing(statement) ? mailingQuerySet : querySet;
}
