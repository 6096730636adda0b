import { openDoor } from '@drops/server';
import type { Io } from '../io.js';
import type { ServerSettings } from '../settings.js';
import { createHandOut } from './hand-out.js';
import { untilToldToStop } from './signals.js';
import { supervise } from './supervise.js';

/**
 * Serves from several processes on one store. This one holds the address, so it stays the same whatever becomes of the
 * workers, and hands out its connections. Resolves to the exit code.
 */
export async function serveWithWorkers(
  workers: number,
  settings: ServerSettings,
  io: Io,
  onReady: (url: string) => void,
): Promise<number> {
  const { host, port } = settings;
  let kill = (): void => undefined;
  const stopped = untilToldToStop(() => kill());
  const handOut = createHandOut();
  const door = await openDoor(
    { host, port, warn: (line) => io.err(`${line}\n`), signed: settings.auth === 'signed' },
    handOut.give,
  );
  const close = (): void => {
    door.close();
    handOut.close();
  };
  void stopped.then(close);
  const supervisor = supervise(
    { workers, address: door.url, handOut, onReady: () => onReady(door.url), stopped },
    io,
  );
  kill = supervisor.kill;
  const code = await supervisor.ended;
  close();
  return code;
}
