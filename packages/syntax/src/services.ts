import { keywordsByRole } from './keywords.js';
import type { ServiceName } from './ast/index.js';

/** What a verb of a service takes, and how it is written. */
export interface VerbEntry {
  readonly service: ServiceName;
  readonly verb: string;
  /** Whether a route follows, and whether a key must or may. */
  readonly route?: true;
  readonly key?: 'required' | 'optional';
  /** Operands in their order; their names are the arguments' names. */
  readonly positional: readonly string[];
  /** `name value`, in any order. */
  readonly options: readonly string[];
  /** Other names are taken too, as pairs. */
  readonly open?: true;
  readonly example: string;
}

/** Every verb of every service with its arguments: what the parser reads and the capabilities declare. */
export const serviceVerbs: readonly VerbEntry[] = [
  { service: 'mail', verb: 'claim', positional: ['username'], options: [], example: 'mail claim "alice"' },
  {
    service: 'mail',
    verb: 'domain_add',
    positional: ['domain'],
    options: [],
    example: 'mail domain add "acme.com"',
  },
  {
    service: 'mail',
    verb: 'send',
    positional: [],
    options: ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'body', 'html', 'text'],
    example: 'mail to "bob@example.com" subject "Hello" body "Hi"',
  },
  {
    service: 'push',
    verb: 'send',
    positional: ['title'],
    options: ['to', 'body', 'url'],
    open: true,
    example: 'push "Title" to ("key") body "Text"',
  },
  {
    service: 'push',
    verb: 'subscribe',
    route: true,
    positional: [],
    options: [],
    example: 'push subscribe my/route',
  },
  { service: 'push', verb: 'subscriptions', positional: [], options: [], example: 'push subscriptions' },
  { service: 'push', verb: 'unsubscribe', positional: ['id'], options: [], example: 'push unsubscribe "id"' },
  {
    service: 'value',
    verb: 'create',
    positional: ['id'],
    options: ['name', 'symbol', 'max_supply', 'decimals', 'scope'],
    example: 'value create "gold" name "Gold" symbol "GLD"',
  },
  {
    service: 'value',
    verb: 'mint',
    positional: ['currency', 'amount'],
    options: ['to'],
    example: 'value mint "gold" 100',
  },
  {
    service: 'value',
    verb: 'transfer',
    positional: ['currency', 'amount'],
    options: ['to'],
    example: 'value transfer "gold" 100 to "key"',
  },
  {
    service: 'value',
    verb: 'burn',
    positional: ['currency', 'amount'],
    options: [],
    example: 'value burn "gold" 50',
  },
  {
    service: 'value',
    verb: 'balance',
    positional: ['currency'],
    options: ['holder'],
    example: 'value balance "gold"',
  },
  { service: 'value', verb: 'supply', positional: ['currency'], options: [], example: 'value supply "gold"' },
  {
    service: 'value',
    verb: 'holders',
    positional: ['currency'],
    options: [],
    example: 'value holders "gold"',
  },
  {
    service: 'value',
    verb: 'ledger',
    positional: ['currency'],
    options: ['limit'],
    example: 'value ledger "gold" limit 50',
  },
  { service: 'value', verb: 'currencies', positional: [], options: ['creator'], example: 'value currencies' },
  {
    service: 'calendar',
    verb: 'event',
    route: true,
    key: 'optional',
    positional: [],
    options: keywordsByRole.eventField,
    open: true,
    example: 'event team/calendar @standup title "Standup" start "2026-03-15T09:00:00Z"',
  },
  {
    service: 'calendar',
    verb: 'events',
    route: true,
    positional: [],
    options: ['start', 'end'],
    example: 'events team/calendar start "2026-03-01" end "2026-04-01"',
  },
  {
    service: 'calendar',
    verb: 'rsvp',
    route: true,
    key: 'required',
    positional: ['email', 'response'],
    options: [],
    example: 'rsvp team/calendar @standup accepted',
  },
  {
    service: 'calendar',
    verb: 'feed',
    route: true,
    positional: [],
    options: [],
    example: 'calendar feed team/calendar',
  },
  {
    service: 'subkey',
    verb: 'create',
    positional: [],
    options: [],
    open: true,
    example: 'subkey create label: "read-only" permissions: ("read")',
  },
  { service: 'subkey', verb: 'list', positional: [], options: [], example: 'subkey list' },
  { service: 'subkey', verb: 'revoke', positional: ['id'], options: [], example: 'subkey "id" revoke' },
  {
    service: 'key',
    verb: 'require_signature',
    positional: [],
    options: [],
    example: 'key require signature',
  },
];

const byName = new Map(serviceVerbs.map((entry) => [`${entry.service}.${entry.verb}`, entry]));

/** The entry of a verb, if the service has it. */
export function findVerb(service: ServiceName, verb: string): VerbEntry | undefined {
  return byName.get(`${service}.${verb}`);
}
