import { fork, type ChildProcess } from 'node:child_process';
import type { Io } from '../io.js';
import type { HandOut } from './hand-out.js';
import { addressVariable, forOthers, numberVariable, readMessage, type ForOthers } from './messages.js';
import { createRestarts } from './restarts.js';

export interface Supervision {
  /** Processes that serve. */
  readonly workers: number;
  /** Where they are reached. */
  readonly address: string;
  /** Gets the workers that serve. */
  readonly handOut: HandOut;
  /** Called once, when all workers serve for the first time. */
  readonly onReady: () => void;
  /** Resolves when all shall end. */
  readonly stopped: Promise<void>;
}

/** The workers of a server. */
export interface Supervisor {
  /** Resolves to the exit code when all have ended. */
  readonly ended: Promise<number>;
  /** Ends all at once. */
  kill(): void;
}

/** What is known of a worker. */
interface Place {
  readonly number: number;
  /** When it began to serve. */
  since: number | undefined;
}

const describeEnd = (code: number | null, signal: string | null): string =>
  signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`;

/** This command again, as a worker. */
function startWorker(number: number, address: string): ChildProcess {
  const [, program = '', ...args] = process.argv;
  return fork(program, args, {
    env: { ...process.env, [numberVariable]: String(number), [addressVariable]: address },
  });
}

/**
 * Keeps some workers running: one that ends is replaced, what one tells all is passed on. Opens no store and
 * takes no request.
 */
export function supervise(
  { workers: wanted, address, handOut, onReady, stopped }: Supervision,
  io: Io,
): Supervisor {
  const restarts = createRestarts();
  const workers = new Map<ChildProcess, Place>();
  const timers = new Set<NodeJS.Timeout>();
  let greeted = false;
  let exitCode: number | undefined;
  let resolveEnded: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (resolveEnded = resolve));

  const serving = (): number => [...workers.values()].filter(({ since }) => since !== undefined).length;
  const freeNumber = (): number => {
    const taken = new Set([...workers.values()].map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
  };

  /** Ends everything: what runs is finished first. */
  const end = (code: number): void => {
    exitCode ??= code;
    for (const timer of timers) clearTimeout(timer);
    for (const worker of workers.keys()) worker.kill('SIGTERM');
    if (workers.size === 0) resolveEnded(exitCode);
  };

  const later = (delay: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      start();
    }, delay);
    timers.add(timer);
  };

  const onServing = (worker: ChildProcess, place: Place): void => {
    place.since = performance.now();
    handOut.add(worker);
    if (greeted) return;
    // The first makes the store, so the others find it made.
    while (workers.size < wanted) start();
    if (serving() < wanted) return;
    greeted = true;
    onReady();
  };

  const tellOthers = (sender: ChildProcess, message: ForOthers): void => {
    for (const [worker, { since }] of workers)
      if (worker !== sender && since !== undefined && worker.connected) worker.send(message, () => undefined);
  };

  const onEnd = ({ pid }: ChildProcess, place: Place, code: number | null, signal: string | null): void => {
    if (exitCode !== undefined) return end(exitCode);
    // It has said why: what stops the first would stop all.
    if (!greeted) return end(code || 1);
    const { number, since } = place;
    const verdict = restarts.ended(since === undefined ? undefined : performance.now() - since, serving());
    const what = `worker ${number} (process ${pid ?? 0}) ${describeEnd(code, signal)}`;
    if (verdict.kind === 'restart') {
      io.err(`${what}; another one starts in ${verdict.delay} ms\n`);
      return later(verdict.delay);
    }
    io.err(`${what}; workers end as soon as they start, so the server stops\n`);
    end(1);
  };

  const start = (): void => {
    const place: Place = { number: freeNumber(), since: undefined };
    const worker = startWorker(place.number, address);
    workers.set(worker, place);
    worker.on('message', (message) => {
      const { kind, id } = readMessage(message);
      if (kind === 'ready') onServing(worker, place);
      const passedOn = forOthers(message);
      if (passedOn) tellOthers(worker, passedOn);
      if (kind === 'taken') handOut.taken(worker, id);
      if (kind === 'refused') handOut.refused(worker, id);
      if (kind === 'leaving') handOut.leave(worker);
    });
    worker.on('disconnect', () => handOut.remove(worker));
    // What cannot be started or told ends too.
    worker.on('error', () => undefined);
    worker.once('exit', (code, signal) => {
      handOut.remove(worker);
      workers.delete(worker);
      onEnd(worker, place, code, signal);
    });
  };

  void stopped.then(() => end(0));
  start();
  return {
    ended,
    kill() {
      for (const worker of workers.keys()) worker.kill('SIGKILL');
    },
  };
}
