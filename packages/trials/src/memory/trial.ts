import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { invariant } from '@drops/diagnostics';
import { open } from '@drops/engine';
import { watchMemory, memoryOf, type ProcessMemory } from './process-memory.js';
import { cities, dropOf, steps, type Step } from './steps.js';

export interface MemoryOptions {
  readonly rows: number;
  /** A store that an earlier trial filled and left; missing: a new one. */
  readonly data?: string | undefined;
  /** The `drops` command. */
  readonly drops: string;
  /** Bytes of its own that the server may have beyond those it began with. */
  readonly bound: number;
  readonly onFilled?: (seconds: number) => void;
  /** Told of each step when it is done. */
  readonly onStep?: (step: StepResult) => void;
}

export interface StepResult {
  readonly step: Step;
  /** `answered`, `refused: ` and what was too much, or what else was said. */
  readonly outcome: string;
  readonly seconds: number;
  /** Peaks beyond what the server began with, bytes. */
  readonly peak: ProcessMemory;
}

export interface MemorySummary {
  readonly baseline: ProcessMemory;
  readonly results: readonly StepResult[];
  readonly problems: readonly string[];
}

const batch = 5000;

async function fill(data: string, rows: number): Promise<void> {
  const engine = await open({ data, durability: 'relaxed' });
  const write = async (route: string, drops: Parameters<typeof engine.write>[1]): Promise<void> => {
    const { status } = await engine.write(route, drops);
    if (status !== 200) throw new Error(`filling ${route} was answered with ${status}`);
  };
  try {
    const places = Array.from({ length: cities }, (_, n) => n);
    await write(
      'cities',
      places.map((n) => ({ key: `city-${n}`, payload: { country: `country-${n % 5}` } })),
    );
    for (let first = 0; first < rows; first += batch) {
      const size = Math.min(batch, rows - first);
      await write(
        'items',
        Array.from({ length: size }, (_, i) => dropOf(first + i)),
      );
    }
  } finally {
    await engine.close();
  }
}

interface Answer {
  readonly outcome: string;
  readonly lines: number;
}

const refusal = 'QUERY_TOO_COMPLEX';

/** What needed more than it may have. */
const tooMuch = (error: string): string => /"message":"(.*?) (?:needs|reads|took)/.exec(error)?.[1] ?? error;

/** Reads an answer piece by piece, so that a large one is not held here either. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let lines = 0;
  let end = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    const text = String(chunk);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
    end = (end + text).slice(-2000);
  }
  // A stream that fails after its first lines says so in its last one.
  if (end.includes(`"${refusal}"`)) return { outcome: `refused: ${tooMuch(end)}`, lines };
  return { outcome: response.statusCode === 200 ? 'answered' : `${response.statusCode}: ${end}`, lines };
}

/** Not by fetch, which gives up after five minutes without an answer: a busy machine may take longer. */
async function ask(url: string, { door, text }: Step): Promise<Answer> {
  const accept = door === 'stream' ? 'application/x-ndjson' : 'application/json';
  const asked =
    door === 'get'
      ? request(`${url}${text}`)
      : request(`${url}/exec`, { method: 'POST', headers: { accept, 'content-type': 'text/plain' } });
  asked.end(door === 'get' ? undefined : text);
  const [response]: IncomingMessage[] = await once(asked, 'response');
  invariant(response, 'a response comes with its event');
  return readAnswer(response);
}

const difference = (a: ProcessMemory, b: ProcessMemory): ProcessMemory => ({
  resident: a.resident - b.resident,
  own: a.own - b.own,
});

function problemOf(
  { step, outcome, peak }: StepResult,
  lines: number,
  { rows, bound }: MemoryOptions,
): string | undefined {
  if (outcome !== 'answered' && !outcome.startsWith('refused')) return `${step.name}: ${outcome}`;
  const wanted = step.lines?.(rows);
  if (outcome === 'answered' && wanted !== undefined && lines !== wanted)
    return `${step.name}: ${lines} lines came, ${wanted} expected`;
  if (peak.own > bound)
    return `${step.name}: ${peak.own} bytes beyond the beginning, at most ${bound} allowed`;
  return undefined;
}

/** Runs the steps on a server whose memory is watched. */
async function runSteps(url: string, pid: number, options: MemoryOptions): Promise<MemorySummary> {
  const baseline = memoryOf(pid);
  if (!baseline) throw new Error('this system does not tell the memory of a process');
  const results: StepResult[] = [];
  const problems: string[] = [];
  for (const step of steps) {
    const watch = watchMemory(pid);
    const started = performance.now();
    const { outcome, lines } = await ask(url, step);
    const seconds = (performance.now() - started) / 1000;
    const result = { step, outcome, seconds, peak: difference(watch.stop(), baseline) };
    const problem = problemOf(result, lines, options);
    if (problem !== undefined) problems.push(problem);
    results.push(result);
    options.onStep?.(result);
  }
  return { baseline, results, problems };
}

/** Serves a store with the usual limits of memory, and whatever time a statement takes. */
async function serve<T>(
  drops: string,
  data: string,
  use: (url: string, pid: number) => Promise<T>,
): Promise<T> {
  const words = [drops, 'serve', '--port', '0', '--query-time', '0', '--data', data];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child.once('close', resolve));
  try {
    const first = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      void gone.then(() => reject(new Error('the server ended before it was ready')));
    });
    return await use(first.replace(/^listening on /, ''), child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

/**
 * Fills a store, serves it, asks for everything that could take much memory, and watches what the server takes.
 * Linux only.
 */
export async function memoryTrial(options: MemoryOptions): Promise<MemorySummary> {
  const onStore = (data: string) => serve(options.drops, data, (url, pid) => runSteps(url, pid, options));
  if (options.data !== undefined) return onStore(options.data);
  const folder = mkdtempSync(join(tmpdir(), 'drops-memory-'));
  const data = join(folder, 'data');
  try {
    const started = performance.now();
    await fill(data, options.rows);
    options.onFilled?.((performance.now() - started) / 1000);
    return await onStore(data);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
