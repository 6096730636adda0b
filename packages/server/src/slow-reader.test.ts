import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen, type Listening } from './listen.js';

/** More than the buffers between server and client hold. */
const rows = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'drops-slow-'));
let engine: Engine;
let server: Listening;

const text = 'x'.repeat(1000);

beforeAll(async () => {
  engine = await open({ data: folder, durability: 'relaxed' });
  server = await listen(engine, { port: 0 });
  for (let at = 0; at < rows; at += 1000) {
    const drops = Array.from({ length: 1000 }, (_, i) => ({
      key: `k${at + i}`,
      payload: { n: at + i, text },
    }));
    expect((await engine.write('big', drops)).status).toBe(200);
  }
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves the same few drops anew, one commit each; gives by how many pages the file grew. */
async function growth(commits: number): Promise<number> {
  const before = (await engine.space()).pages;
  for (let i = 0; i < commits; i += 1) {
    const { status } = await engine.exec(`save hot @h${i % 50} n: ${i} text: "${text}"`);
    if (status !== 200) throw new Error(`a save was answered with ${status}`);
  }
  return (await engine.space()).pages - before;
}

/** Asks, and reads nothing of the answer. */
function ask(method: string, path: string, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/x-ndjson', connection: 'close' };
    const sent = request(`${server.url}${path}`, { method, headers }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readLines(response: IncomingMessage): Promise<readonly string[]> {
  let received = '';
  for await (const chunk of response.setEncoding('utf8')) received += String(chunk);
  return received.trimEnd().split('\n');
}

const oldestReader = async (): Promise<unknown> =>
  ((await (await fetch(`${server.url}/health`)).json()) as { oldest_reader: unknown }).oldest_reader;

test('clients that do not read their answer keep the file growing for seconds only, and miss nothing', async () => {
  await growth(200);
  const usual = await growth(300);
  // A process that writes reads its last checkpoint itself, for about half a second behind.
  await expect.poll(oldestReader, { timeout: 5_000, interval: 100 }).toBe(0);

  const [found, exported] = await Promise.all([ask('POST', '/exec', 'find big'), ask('GET', '/export/big')]);
  await growth(10);
  await expect.poll(oldestReader, { timeout: 4_500, interval: 100 }).toBeGreaterThan(2_000);
  // Whatever is freed is kept for them: this is what would go on for as long as they wait.
  await expect.poll(oldestReader, { timeout: 15_000, interval: 200 }).toBe(0);
  await growth(50);
  expect(await growth(300)).toBeLessThan(usual * 1.5);
  await engine.exec('remove big @k7');
  await engine.exec('save big @k19999 n: -1');

  // They go on out of the history, and see what was there when they asked.
  const numbers = (lines: readonly string[]) => lines.map((line) => Number(/"n":(-?\d+)/.exec(line)?.[1]));
  const all = Array.from({ length: rows }, (_, i) => i);
  expect(numbers(await readLines(found)).sort((a, b) => a - b)).toEqual(all);
  expect(numbers(await readLines(exported)).sort((a, b) => a - b)).toEqual(all);
}, 60_000);
