import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles a program of this folder so that plain Node can run the sources. Inside the package's own node_modules,
 * from where it finds lmdb.
 */
export async function bundleProgram(name: string): Promise<string> {
  const folder = `${packageFolder}/node_modules/.tests`;
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}/${name}.mjs`;
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb'],
    conditions: ['drops-source'],
    logLevel: 'error',
  });
  return outfile;
}

export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** Each line that it prints. */
  readonly lines: Interface;
  /** The next line. */
  line(): Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** Starts a program; `shell` is put before it, to set limits. */
export function startChild(program: string, args: readonly string[], shell = ''): Child {
  const script = `${shell} exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', script, process.execPath, program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    process: child,
    lines,
    ended: new Promise((resolve) => child.on('close', () => resolve())),
    async line() {
      const { value, done } = await iterator.next();
      if (done) throw new Error('the child ended without the line that was waited for');
      return String(value);
    },
  };
}
