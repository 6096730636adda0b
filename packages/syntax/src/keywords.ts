/**
 * Every word with a meaning of its own, by the part it plays. The lexer makes its keyword tokens from this
 * table, the parser its sets ("any aggregate"), completion and highlighting their lists. No word is reserved:
 * each is also a fine name of a route, a field or an option.
 */
export const keywordsByRole = {
  statement: [
    'save',
    'write',
    'get',
    'read',
    'find',
    'query',
    'list',
    'count',
    'search',
    'primitives',
    'update',
    'patch',
    'remove',
    'delete',
    'add',
    'subtract',
    'bulk',
    'define',
    'undefine',
    'validate',
    'patterns',
    'share',
    'grant',
    'unshare',
    'revoke',
    'run',
    'status',
    'when',
    'on',
    'webhooks',
    'webhook',
    'every',
    'cron',
    'schedules',
    'schedule',
    'export',
    'translate',
    'sql',
    'context',
    'explain',
    'mail',
    'push',
    'value',
    'event',
    'events',
    'rsvp',
    'calendar',
    'subkey',
    'key',
  ],
  clause: [
    'latest',
    'history',
    'as',
    'inner',
    'left',
    'join',
    'where',
    'group',
    'having',
    'sort',
    'limit',
    'skip',
    'offset',
    'after',
  ],
  aggregate: ['count', 'sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'],
  pipe: ['then'],
  action: [
    'pick',
    'pluck',
    'first',
    'count',
    'sort',
    'limit',
    'skip',
    'offset',
    'where',
    'remove',
    'delete',
    'save',
    'write',
    'send',
  ],
  operator: ['and', 'or', 'not', 'in', 'exists', 'contains', 'starts', 'ends', 'between', 'is'],
  constant: ['true', 'false', 'null'],
  direction: ['asc', 'desc'],
  writeOption: ['keep', 'price', 'public', 'if'],
  searchOption: ['top', 'limit', 'vector', 'fusion', 'candidates', 'min_score', 'highlight', 'where', 'as'],
  runOption: ['async', 'max_retries'],
  facet: ['dates', 'locations', 'identifiers', 'amounts'],
  mode: ['shared', 'protected', 'writeonly', 'moderated'],
  format: ['csv', 'sql', 'mongo', 'json', 'ndjson'],
  target: ['sql', 'mysql', 'sqlite', 'mongo', 'curl', 'rest'],
  dialect: ['mysql', 'postgres', 'postgresql', 'sqlite'],
  unit: ['minute', 'minutes', 'hour', 'hours', 'day', 'days', 'week', 'weeks', 'month', 'months'],
  weekday: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  mailOption: ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'body', 'html', 'text'],
  emailPart: ['to', 'subject', 'body'],
  pushOption: ['to', 'body', 'url'],
  currencyOption: ['name', 'symbol', 'max_supply', 'decimals', 'scope'],
  eventField: [
    'title',
    'start',
    'end',
    'description',
    'location',
    'organizer',
    'attendees',
    'rrule',
    'status',
    'send_invites',
  ],
  period: ['start', 'end'],
  answer: ['accepted', 'declined', 'tentative'],
  serviceVerb: [
    'claim',
    'domain',
    'add',
    'send',
    'subscribe',
    'subscriptions',
    'unsubscribe',
    'create',
    'mint',
    'transfer',
    'burn',
    'balance',
    'supply',
    'holders',
    'ledger',
    'currencies',
    'feed',
    'list',
    'revoke',
    'require',
  ],
  particle: [
    'to',
    'from',
    'with',
    'on',
    'at',
    'of',
    'tx',
    'mode',
    'can',
    'version',
    'absent',
    'fields',
    'index',
    'changes',
    'call',
    'secret',
    'dialect',
    'analyze',
    'access',
    'email',
    'holder',
    'creator',
    'signature',
  ],
} as const;

export type KeywordRole = keyof typeof keywordsByRole;
export type Keyword = (typeof keywordsByRole)[KeywordRole][number];

/** Other spellings and what the printer writes instead. */
export const aliases: ReadonlyMap<string, string> = new Map([
  ['write', 'save'],
  ['read', 'get'],
  ['query', 'find'],
  ['patch', 'update'],
  ['delete', 'remove'],
  ['offset', 'skip'],
  ['pluck', 'pick'],
  ['grant', 'share'],
  ['revoke', 'unshare'],
  ['cron', 'every'],
]);

function byKeyword(): ReadonlyMap<string, readonly KeywordRole[]> {
  const roles = new Map<string, KeywordRole[]>();
  for (const role of keywordRoles) {
    for (const word of keywordsByRole[role]) roles.set(word, [...(roles.get(word) ?? []), role]);
  }
  return roles;
}

function isRole(name: string): name is KeywordRole {
  return name in keywordsByRole;
}

/** All roles, in the order of the table. */
export const keywordRoles: readonly KeywordRole[] = Object.keys(keywordsByRole).filter(isRole);

/** Each keyword with its roles. */
export const keywordTable: ReadonlyMap<string, readonly KeywordRole[]> = byKeyword();

/** Whether a word plays this part somewhere. */
export function hasRole(word: string, role: KeywordRole): boolean {
  return keywordTable.get(word)?.includes(role) ?? false;
}
