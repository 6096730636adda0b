import { readFile } from 'node:fs/promises';
import type { Signer } from '@drops/client';
import { CommandFailure, UsageError } from '../failures.js';
import type { Arguments } from '../flags.js';
import type { Io } from '../io.js';

/** As whom statements run. */
export interface SessionCaller {
  readonly key: string | undefined;
  /** Signs what is sent to a server. */
  readonly signer?: Signer;
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([one]) => one === name)?.[1];
}

/** The private half in a file: alone, or in the JSON of a pair of keys, such as the answer of POST /drop. */
function privateHalf(text: string): unknown {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed;
  try {
    const value: unknown = JSON.parse(trimmed);
    return member(value, 'private') ?? member(member(value, 'keypair'), 'private');
  } catch {
    return undefined;
  }
}

/** The key that a file holds. No message repeats what is in it. */
async function signerInFile(file: string): Promise<Signer> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new CommandFailure(`the key file ${file} cannot be read`);
  }
  const half = privateHalf(text);
  // 32 bytes, as POST /drop and a first sign-in give them.
  if (typeof half === 'string' && /^[A-Za-z0-9_-]{43}$/.test(half))
    return (await import('@drops/client')).signerOf(half);
  throw new CommandFailure(
    `the key file ${file} holds no private key: 43 characters of base64url, alone or as "private" in JSON`,
  );
}

/** Who the flags name: --key, else the key of --key-file or DROPS_KEY_FILE. */
export async function callerOfFlags(args: Arguments, io: Io): Promise<SessionCaller> {
  const key = args.text('key');
  const named = args.text('key-file');
  if (key !== undefined && named !== undefined)
    throw new UsageError('--key and --key-file exclude each other');
  const file = named ?? (io.env['DROPS_KEY_FILE'] || undefined);
  if (key !== undefined || file === undefined) return { key };
  const signer = await signerInFile(file);
  return { key: signer.key, signer };
}
