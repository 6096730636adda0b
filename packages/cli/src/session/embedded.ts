import { identityOfKey, open } from '@drops/engine';
import type { Arguments } from '../flags.js';
import type { Io } from '../io.js';
import { dataFolder, publicUrl } from '../settings.js';
import type { Session } from './session.js';

/** Statements on a folder. Without a key the caller is the administrator of the store. */
export async function openEmbedded(args: Arguments, io: Io, key: string | undefined): Promise<Session> {
  const data = dataFolder(args, io);
  const identity = key === undefined ? ({ kind: 'administrator' } as const) : identityOfKey(key);
  const base = publicUrl(io);
  const engine = await open({
    data,
    ...(base !== undefined && { publicUrl: base }),
    onFault: (fault) =>
      io.err(`fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`),
  });
  return {
    place: data,
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
