import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ToWorker } from './messages.js';

/** Gives connections to the workers that serve, one after the other; while none does, they wait. */
export interface HandOut {
  give(socket: Socket): void;
  add(worker: ChildProcess): void;
  /** It takes no more; what is on the way it takes or refuses. */
  leave(worker: ChildProcess): void;
  /** It has ended: what it has not taken goes to others. */
  remove(worker: ChildProcess): void;
  /** A worker has connection `id`, and will read it. */
  taken(worker: ChildProcess, id: number): void;
  /** A worker has left connection `id` alone: it goes to others. */
  refused(worker: ChildProcess, id: number): void;
  /** Ends the connections that wait. */
  close(): void;
}

/**
 * Hands out connections. Each is kept here until its worker says that it has taken it, which it says before it reads:
 * so the connections of a worker that is killed are whole, and no client waits for one that nobody serves.
 */
export function createHandOut(): HandOut {
  /** What is on the way to each worker. */
  const workers = new Map<ChildProcess, Map<number, Socket>>();
  /** Those that take more, in the order of their turn. */
  let turns: readonly ChildProcess[] = [];
  let waiting: Socket[] = [];
  let last = 0;

  const give = (socket: Socket): void => {
    const [worker, ...others] = turns;
    if (!worker) return void waiting.push(socket);
    turns = [...others, worker];
    last += 1;
    workers.get(worker)?.set(last, socket);
    const message: ToWorker = { kind: 'connection', id: last };
    // One that cannot be told has ended; what was for it is given again when that is seen.
    worker.send(message, socket, { keepOpen: true }, () => undefined);
  };

  const leave = (worker: ChildProcess): void => {
    turns = turns.filter((one) => one !== worker);
  };

  /** The connection is on the way no more. */
  const arrived = (worker: ChildProcess, id: number): Socket | undefined => {
    const onTheWay = workers.get(worker);
    const socket = onTheWay?.get(id);
    onTheWay?.delete(id);
    return socket;
  };

  return {
    give(socket) {
      // A client that goes while its connection waits.
      socket.on('error', () => undefined);
      give(socket);
    },
    add(worker) {
      workers.set(worker, new Map());
      turns = [...turns, worker];
      const ready = waiting;
      waiting = [];
      for (const socket of ready) give(socket);
    },
    leave,
    remove(worker) {
      leave(worker);
      const onTheWay = workers.get(worker);
      workers.delete(worker);
      for (const socket of onTheWay?.values() ?? []) give(socket);
    },
    taken: (worker, id) => void arrived(worker, id)?.destroy(),
    refused(worker, id) {
      const socket = arrived(worker, id);
      if (socket) give(socket);
    },
    close() {
      for (const socket of waiting) socket.destroy();
      waiting = [];
    },
  };
}
