import type { IToken } from 'chevrotain';
import { hasRole, keywordsByRole } from '../keywords.js';

const query: readonly string[] = [...keywordsByRole.clause, ...keywordsByRole.aggregate, 'and', 'or'];
const search: readonly string[] = [...keywordsByRole.searchOption, 'and', 'or'];
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

const setsByStatement = new Map([...wordsByStatement].map(([word, words]) => [word, new Set(words)]));
const queryWords: ReadonlySet<string> = new Set(['find', 'query', 'list', 'count']);
const noWords: ReadonlySet<string> = new Set();
const querySet: ReadonlySet<string> = new Set(query);
const mailingQuerySet: ReadonlySet<string> = new Set([...query, ...keywordsByRole.emailPart]);

function headOf(statement: readonly IToken[]): string {
  const first = statement[0]?.image ?? '';
  if (first !== 'explain') return first;
  const second = statement[1]?.image ?? '';
  return second === 'analyze' || second === 'access' ? (statement[2]?.image ?? '') : second;
}

/** The clause words of the statement that these tokens begin. */
export function continuationWords(statement: readonly IToken[]): ReadonlySet<string> {
  const head = headOf(statement);
  const own = setsByStatement.get(head);
  if (own) return own;
  if (hasRole(head, 'statement') && !queryWords.has(head)) return noWords;
  return statement.some((token) => token.image === 'send') ? mailingQuerySet : querySet;
}
