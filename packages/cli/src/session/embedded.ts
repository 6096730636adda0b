import { open, shownAddress, type Engine, type Identity } from '@drops/engine';
import type { Arguments } from '../flags.js';
import type { Io } from '../io.js';
import { dataPlace, publicUrl } from '../settings.js';
import type { Session } from './session.js';

/** Who acts on a store that one has the files of: a key is taken at its word. */
async function identityIn(engine: Engine, key: string | undefined): Promise<Identity> {
  if (key === undefined) return { kind: 'administrator' };
  try {
    return (await engine.identify(key)).identity;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Statements on a folder. Without a key the caller is the administrator of the store. */
export async function openEmbedded(args: Arguments, io: Io, key: string | undefined): Promise<Session> {
  const data = dataPlace(args, io);
  const base = publicUrl(io);
  const engine = await open({
    data,
    ...(base !== undefined && { publicUrl: base }),
    onFault: (fault) =>
      io.err(`fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`),
  });
  const identity = await identityIn(engine, key);
  return {
    place: shownAddress(data),
    exec: (text, options = {}) => engine.exec(text, { identity, ...options }),
    write: (route, drops) => engine.write(route, drops, { identity }),
    writeTogether: (drops) => engine.load(drops, { identity }),
    async export(request) {
      const reply = await engine.export(request, { identity });
      return 'chunks' in reply ? reply.chunks : reply;
    },
    words: () => engine.vocabulary(),
    close: () => engine.close(),
  };
}
