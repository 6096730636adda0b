import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';

/** What a run of the command took. */
export interface MeasuredRun {
  readonly ms: number;
  /** Most memory of its own in bytes, pages of files not counted; undefined where the system does not tell. */
  readonly own: number | undefined;
  /** The same with the pages of files that it maps. */
  readonly resident: number | undefined;
  readonly err: string;
  readonly out: string;
}

const sampleInterval = 25;

function kilobytes(status: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

/** Most of two samples. */
function most(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/**
 * MB of its heap: a process that needs more ends. Where there is memory V8 lets garbage lie, half a gigabyte of it before it looks for
 * what is old, so that without a limit nobody sees what a process needs.
 */
const heap = 128;

/** Runs `drops` with its output in a file, if one is named, and looks at its memory 40 times a second. Throws what it says when it fails. */
export async function measuredRun(
  drops: string,
  argv: readonly string[],
  output?: string,
): Promise<MeasuredRun> {
  const began = performance.now();
  const child = spawn(process.execPath, [`--max-old-space-size=${heap}`, drops, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  let [own, resident]: (number | undefined)[] = [];
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      own = most(own, kilobytes(status, 'RssAnon'));
      resident = most(resident, kilobytes(status, 'VmRSS'));
    } catch {
      // It has ended, or this system has no such file.
    }
  }, sampleInterval);
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const written = output === undefined ? undefined : createWriteStream(output);
  if (written) child.stdout.pipe(written);
  else child.stdout.on('data', (chunk) => (out += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (written) await finished(written);
  if (code !== 0) throw new Error(`drops ${argv.join(' ')} ended with ${String(code)}: ${err.slice(0, 500)}`);
  return { ms: performance.now() - began, own, resident, out, err };
}
