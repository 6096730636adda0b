import { isLoopback } from '@drops/server';
import { UsageError } from './failures.js';
import { countOf, oneOf, type FlagSpecs } from './flags.js';

export const callerFlags = {
  auth: {
    value: 'MODE',
    about:
      'bearer: a key is taken at its word; signed: it must sign each request (default: DROPS_AUTH, else bearer)',
  },
  'admin-token': {
    value: 'TOKEN',
    about: 'whoever sends it as key is administrator (default: DROPS_ADMIN_TOKEN)',
  },
  'admin-keys': {
    value: 'KEYS',
    about: 'keys that may do everything, commas between them (default: DROPS_ADMIN_KEYS)',
  },
  'rate-limit': {
    value: 'N',
    about:
      'requests a minute for a key or an address, 0 for no limit (default: DROPS_RATE_LIMIT, else none on loopback, 6000 elsewhere)',
  },
  'trust-proxy': {
    value: '0|1',
    about: '1: the last address of X-Forwarded-For is the caller’s (default: DROPS_TRUST_PROXY, else 0)',
  },
  'smtp-url': {
    value: 'URL',
    about: 'smtp://… or smtps://… that sends mail (default: DROPS_SMTP_URL, else to files)',
  },
  'mail-from': { value: 'ADDRESS', about: 'the sender of mail (default: DROPS_MAIL_FROM)' },
  'callback-urls': {
    value: 'URLS',
    about:
      'addresses that sign-in links may lead to, commas between them (default: DROPS_CALLBACK_URLS, else any on loopback, DROPS_PUBLIC_URL elsewhere)',
  },
  secret: {
    value: 'TEXT',
    about: 'what small secrets are sealed under (default: DROPS_SECRET, else a file beside the data)',
  },
  files: {
    value: 'DIR',
    about: 'the folder of that file and of the outbox (default: DROPS_FILES, else the folder of the data)',
  },
} as const satisfies FlagSpecs;

/** Where a setting comes from: its flag, else its variable. */
export type Setting = (flag: string, variable: string) => string | undefined;

/** Who may call a server, how often, and how they sign in. */
export interface CallerSettings {
  /** `signed`: requests must be signed by the key that they name. */
  readonly auth: 'bearer' | 'signed';
  readonly adminToken: string | undefined;
  readonly adminKeys: readonly string[];
  /** Requests a minute for a key or an address; undefined: any number. */
  readonly rateLimit: number | undefined;
  /** The last address of X-Forwarded-For is where a request came from. */
  readonly trustProxy: boolean;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  /** Where sign-in links may lead; undefined: anywhere. */
  readonly callbacks: readonly string[] | undefined;
  readonly secret: string | undefined;
  /** Folder of the secret and the outbox, where it is not that of the data. */
  readonly files: string | undefined;
}

/** Requests a minute where strangers can reach the server. */
const usualRate = 6000;
const shortestSecret = 32;

const listOf = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function addressOf(text: string, name: string, protocols: RegExp): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && protocols.test(url.protocol)) return text;
  // It may hold a password.
  throw new UsageError(`${name} is no address that can be used here`);
}

function adminKeys(text: string | undefined): readonly string[] {
  const keys = listOf(text) ?? [];
  if (keys.every((key) => /^[A-Za-z0-9_-]{43}$/.test(key))) return keys;
  throw new UsageError('DROPS_ADMIN_KEYS holds what is no key of 43 characters; commas separate keys');
}

function rateLimit(text: string | undefined, host: string): number | undefined {
  if (text === undefined) return isLoopback(host) ? undefined : usualRate;
  const perMinute = countOf(text, 'DROPS_RATE_LIMIT');
  return perMinute === 0 ? undefined : perMinute;
}

/** Links that strangers can ask for must not lead them just anywhere; on loopback there are no strangers. */
function callbacks(
  text: string | undefined,
  host: string,
  publicUrl: string | undefined,
): readonly string[] | undefined {
  const list = listOf(text)?.map((one) => addressOf(one, 'DROPS_CALLBACK_URLS', /^https?:$/));
  if (list !== undefined || isLoopback(host)) return list;
  return publicUrl === undefined ? [] : [publicUrl];
}

function secretOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length >= shortestSecret) return text;
  throw new UsageError(`DROPS_SECRET has fewer than ${shortestSecret} characters`);
}

/** Flags first, then environment, then what fits the address that the server listens on. */
export function callerSettings(
  setting: Setting,
  host: string,
  publicUrl: string | undefined,
): CallerSettings {
  const smtpUrl = setting('smtp-url', 'DROPS_SMTP_URL');
  const trust = oneOf('DROPS_TRUST_PROXY', setting('trust-proxy', 'DROPS_TRUST_PROXY') ?? '0', ['0', '1']);
  return {
    auth: oneOf('DROPS_AUTH', setting('auth', 'DROPS_AUTH') ?? 'bearer', ['bearer', 'signed']),
    adminToken: setting('admin-token', 'DROPS_ADMIN_TOKEN'),
    adminKeys: adminKeys(setting('admin-keys', 'DROPS_ADMIN_KEYS')),
    rateLimit: rateLimit(setting('rate-limit', 'DROPS_RATE_LIMIT'), host),
    trustProxy: trust === '1',
    smtpUrl: smtpUrl === undefined ? undefined : addressOf(smtpUrl, 'DROPS_SMTP_URL', /^smtps?:$/),
    mailFrom: setting('mail-from', 'DROPS_MAIL_FROM'),
    callbacks: callbacks(setting('callback-urls', 'DROPS_CALLBACK_URLS'), host, publicUrl),
    secret: secretOf(setting('secret', 'DROPS_SECRET')),
    files: setting('files', 'DROPS_FILES'),
  };
}
