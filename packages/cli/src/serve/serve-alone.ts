import { listen } from '@drops/server';
import type { Io } from '../io.js';
import type { ServerSettings } from '../settings.js';
import { openEngine, serveOptions } from './open-engine.js';
import { untilToldToStop } from './signals.js';

/** Serves from this process until it is told to stop; resolves to the exit code. */
export async function serveAlone(
  settings: ServerSettings,
  io: Io,
  onReady: (url: string) => void,
): Promise<number> {
  const { host, port } = settings;
  const warn = (line: string) => io.err(`${line}\n`);
  let url = '';
  const engine = await openEngine(settings, io, { warn, baseUrl: () => url });
  try {
    const stopped = untilToldToStop(() => undefined);
    const signed = settings.auth === 'signed';
    const server = await listen(engine, { ...serveOptions(settings, io), host, port, warn, signed });
    url = server.url;
    onReady(url);
    await stopped;
    await server.close();
  } finally {
    await engine.close();
  }
  return 0;
}
