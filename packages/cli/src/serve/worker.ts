import { Socket } from 'node:net';
import { serveConnections, type CountedRequests } from '@drops/server';
import type { Io } from '../io.js';
import type { ServerSettings } from '../settings.js';
import { thinOut } from './hints.js';
import { addressVariable, forOthers, numberVariable, readMessage, type FromWorker } from './messages.js';
import { openEngine, serveOptions } from './open-engine.js';

/** The number of this process among the workers; undefined when it is none. */
export function workerNumber(): number | undefined {
  const number = process.env[numberVariable];
  return process.send && number !== undefined ? Number(number) : undefined;
}

/** A message that cannot be sent has nobody to read it: the process above is gone, and this one ends with it. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Serves the connections that it is given until it is told to stop by SIGTERM. Ctrl-C is for the process above. */
export async function serveAsWorker(
  settings: ServerSettings,
  io: Io,
  worker: { readonly id: number; readonly of: number },
): Promise<number> {
  let leaving = false;
  const stopped = new Promise<void>((resolve) => {
    process.on('SIGTERM', () => {
      leaving = true;
      resolve();
    });
  });
  process.on('SIGINT', () => undefined);
  // Nobody is left to replace this process or to give it connections.
  process.on('disconnect', () => process.exit(1));
  try {
    const announce = thinOut(() => tell({ kind: 'committed' }));
    const baseUrl = () => process.env[addressVariable] ?? '';
    // What all would say is said by one.
    const warn = worker.id === 1 && ((line: string) => io.err(`${line}\n`));
    const announceKey = (address: string) => tell({ kind: 'keyMade', address });
    const engine = await openEngine(settings, io, { announce, announceKey, baseUrl, ...(warn && { warn }) });
    try {
      const announceRequests = (requests: CountedRequests) => tell({ kind: 'counted', requests });
      const server = serveConnections(engine, { ...serveOptions(settings, io), announceRequests, worker });
      process.on('message', (message, connection: unknown) => {
        const told = forOthers(message);
        if (told?.kind === 'committed') engine.lookForCommits();
        if (told?.kind === 'keyMade') engine.keyMadeElsewhere(told.address);
        if (told?.kind === 'counted') server.countedElsewhere(told.requests);
        const { kind, id } = readMessage(message);
        if (kind !== 'connection') return;
        tell({ kind: leaving ? 'refused' : 'taken', id });
        // One that its client has closed meanwhile does not arrive.
        if (!(connection instanceof Socket)) return;
        if (leaving) connection.destroy();
        else server.take(connection);
      });
      tell({ kind: 'ready' });
      await stopped;
      tell({ kind: 'leaving' });
      await server.close();
    } finally {
      await engine.close();
    }
  } finally {
    // The channel would keep the process alive.
    process.removeAllListeners('disconnect');
    process.disconnect();
  }
  return 0;
}
