import { stat } from 'node:fs/promises';
import { isPostgresAddress } from '@drops/engine';
import { callerSettings, type CallerSettings } from './caller-settings.js';
import { searchSettings, type SearchSettings } from './search-settings.js';
import { CommandFailure, UsageError } from './failures.js';
import { countOf, oneOf, portOf, type Arguments, type FlagSpecs } from './flags.js';
import type { Io } from './io.js';

/** Where statements run. */
export const placeFlags = {
  data: {
    value: 'PLACE',
    about: 'run on the data in this folder or postgres://… (default: DROPS_DATA, else ./data)',
  },
  url: { value: 'URL', about: 'run on a server' },
  key: { value: 'KEY', about: 'act as this key' },
  'key-file': {
    value: 'FILE',
    about:
      'act as the key whose private half is in this file, and sign each request (default: DROPS_KEY_FILE)',
  },
} as const satisfies FlagSpecs;

export const dataFlag = {
  data: {
    value: 'PLACE',
    about: 'the folder of the data, or postgres://… (default: DROPS_DATA, else ./data)',
  },
} as const satisfies FlagSpecs;

/** Where the data is, a folder or the address of a database: flag, DROPS_DATA, ./data. */
export function dataPlace(args: Arguments, io: Io): string {
  const place = args.text('data') ?? nonEmpty(io.env['DROPS_DATA']) ?? 'data';
  if (place === '') throw new UsageError('--data is empty: a folder or postgres://… expected');
  return place;
}

/** As `dataPlace`, for commands that make no sense on a folder that is not there. */
export async function existingData(args: Arguments, io: Io): Promise<string> {
  const folder = dataPlace(args, io);
  if (isPostgresAddress(folder)) return folder;
  if ((await stat(folder).catch(() => undefined)) === undefined)
    throw new CommandFailure(`no data at ${folder}`);
  return folder;
}

/** The server of --url, without a slash at its end. */
export function serverUrl(args: Arguments): string | undefined {
  const text = args.text('url');
  if (text === undefined) return undefined;
  if (args.has('data')) throw new UsageError('--data and --url exclude each other');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url ${text.slice(0, 60)} is not an http address, such as http://127.0.0.1:7700`);
  }
  return text.replace(/\/+$/, '');
}

export interface ServerSettings extends CallerSettings, SearchSettings {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly publicUrl: string | undefined;
  /** What holds for routes without an access list. */
  readonly openZone: 'open' | 'closed';
  /** `relaxed`: a commit is acknowledged before it is on disk. */
  readonly durability: 'full' | 'relaxed';
  /** What one statement may cost: bytes, ms, rows read. */
  readonly limits: { readonly memory?: number; readonly time?: number; readonly rows?: number };
}

/** Flags first, then environment, then defaults. */
export function serverSettings(args: Arguments, io: Io): ServerSettings {
  const setting = (flag: string, variable: string) => args.text(flag) ?? nonEmpty(io.env[variable]);
  const port = args.text('port');
  const host = setting('host', 'HOST') ?? '127.0.0.1';
  return {
    ...callerSettings(setting, host, publicUrl(io)),
    ...searchSettings(setting, io.env),
    host,
    port: port === undefined ? portOf(nonEmpty(io.env['PORT']) ?? '7700', 'PORT') : portOf(port, '--port'),
    data: dataPlace(args, io),
    publicUrl: publicUrl(io),
    openZone: oneOf('--open-zone', setting('open-zone', 'DROPS_OPEN_ZONE') ?? 'open', ['open', 'closed']),
    durability: oneOf('--durability', args.text('durability') ?? 'full', ['full', 'relaxed']),
    limits: queryLimits(setting),
  };
}

/** What one statement may cost over HTTP when nothing is said: MB and seconds. */
const usualLimits = { memory: 256, time: 30 } as const;

function queryLimits(
  setting: (flag: string, variable: string) => string | undefined,
): ServerSettings['limits'] {
  const limit = (flag: string, variable: string, usual: number, unit: number): number | undefined => {
    const text = setting(flag, variable);
    const count = text === undefined ? usual : countOf(text, `--${flag}`);
    return count === 0 ? undefined : count * unit;
  };
  const memory = limit('query-memory', 'DROPS_QUERY_MEMORY', usualLimits.memory, 2 ** 20);
  const time = limit('query-time', 'DROPS_QUERY_TIME', usualLimits.time, 1000);
  const rows = limit('query-rows', 'DROPS_QUERY_ROWS', 0, 1);
  return {
    ...(memory !== undefined && { memory }),
    ...(time !== undefined && { time }),
    ...(rows !== undefined && { rows }),
  };
}

/** Processes that a server may have: more than the largest machines have use for. */
const mostWorkers = 64;

/** How many processes serve; undefined: the one that was started, alone. */
export function workerCount(args: Arguments): number | undefined {
  const text = args.text('workers');
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= mostWorkers) return Number(text);
  throw new UsageError(`--workers ${text.slice(0, 40)} is not a number from 1 to ${mostWorkers}`);
}

/** The base of URLs in translations: DROPS_PUBLIC_URL. */
export function publicUrl(io: Io): string | undefined {
  return nonEmpty(io.env['DROPS_PUBLIC_URL']);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
