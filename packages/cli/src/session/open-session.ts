import type { Arguments } from '../flags.js';
import type { Io } from '../io.js';
import { serverUrl } from '../settings.js';
import { callerOfFlags } from './caller.js';
import type { Session } from './session.js';

/** Opens the place that the flags name. */
export async function openSession(args: Arguments, io: Io): Promise<Session> {
  const url = serverUrl(args);
  const caller = await callerOfFlags(args, io);
  if (url !== undefined) return (await import('./remote.js')).connect(url, caller);
  return (await import('./embedded.js')).openEmbedded(args, io, caller.key);
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
