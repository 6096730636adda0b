import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from '../bench.js';
import { endWithUs } from '../children.js';
import { randomNumbers } from '../data.js';
import { lengthOf } from '../measure.js';
import { drops } from '../peers/index.js';
import type { OperationName, Peer } from '../system.js';
import { clients, us, type Contender, type Ready } from '../workload.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const run = promisify(execFile);

/** Different requests, so that no answer and few texts are seen twice in a row. */
const differentBodies = 8192;

/** Starts a program that prints `listening on URL`. */
async function startServer(args: readonly string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = endWithUs(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([
    once(lines, 'line'),
    ended.then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]);
  return {
    url: String(line).replace('listening on ', '').trim(),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A server under load: 64 connections of another process. */
async function underLoad(
  bench: Bench,
  args: readonly string[],
  bodyOf: (n: number) => string,
): Promise<Ready> {
  const folder = mkdtempSync(join(tmpdir(), 'drops-bench-http-'));
  const bodies = join(folder, 'bodies.json');
  const random = randomNumbers(4);
  writeFileSync(bodies, JSON.stringify(Array.from({ length: differentBodies }, () => bodyOf(random()))));
  const { url, stop } = await startServer(args);
  return {
    async round(round) {
      const milliseconds = lengthOf(bench.effort, round) * 2;
      const task = JSON.stringify({ url: `${url}/exec`, bodies, clients, milliseconds });
      const { stdout } = await run(process.execPath, [path('./load.js'), task]);
      return Number(stdout);
    },
    async stop() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** `drops serve` over the loaded data. */
export function dropsServer(bodyOf: (n: number, bench: Bench) => string, called = us): Contender {
  return {
    name: called,
    async prepare(bench) {
      const data = join(await bench.shared(drops), 'data');
      const args = [path('../../../cli/bin/drops.js'), 'serve', '--port', '0', '--data', data];
      return underLoad(bench, args, (n) => bodyOf(n, bench));
    },
  };
}

/** Hono sending back the same requests. */
export function honoEcho(bodyOf: (n: number, bench: Bench) => string): Contender {
  return {
    name: 'Hono echo',
    prepare: (bench) => {
      const task = JSON.stringify({ sizes: bench.sizes });
      return underLoad(bench, [path('./hono-server.js'), task], (n) => bodyOf(n, bench));
    },
  };
}

/** Hono asking a peer, which several processes can open. */
export function honoWith(peer: Peer, operation: OperationName): Contender {
  return {
    name: `Hono + ${peer.name}`,
    async prepare(bench) {
      const folder = await bench.shared(peer);
      const task = JSON.stringify({ peer: peer.name, operation, folder, sizes: bench.sizes });
      return underLoad(bench, [path('./hono-server.js'), task], (n) => JSON.stringify({ n }));
    },
  };
}
