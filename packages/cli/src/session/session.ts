import type { JsonObject } from '@drops/diagnostics';
import type { Reply } from '@drops/engine';
import type { Arguments } from '../flags.js';
import type { Io } from '../io.js';
import { serverUrl } from '../settings.js';

/** What the REPL completes from. */
export interface Words {
  readonly routes: readonly string[];
  readonly views: readonly string[];
  fields(route: string): readonly string[];
}

/** A place where statements run: a folder or a server. Both give the same replies. */
export interface Session {
  /** Where it is, for people. */
  readonly place: string;
  exec(
    text: string,
    options?: { readonly params?: JsonObject; readonly signal?: AbortSignal },
  ): Promise<Reply>;
  words(): Promise<Words>;
  close(): Promise<void>;
}

/** Opens the place that the flags name. */
export async function openSession(args: Arguments, io: Io): Promise<Session> {
  const url = serverUrl(args);
  const key = args.text('key');
  if (url !== undefined) return (await import('./remote.js')).connect(url, key);
  return (await import('./embedded.js')).openEmbedded(args, io, key);
}

/** Opens a session, uses it, closes it whatever happens. */
export async function withSession<T>(
  args: Arguments,
  io: Io,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(args, io);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
