import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import {
  closeVectors,
  clusteredVectors,
  openVectors,
  temporaryFolder,
  type TestVectors,
} from './vectors.fixture.js';

const vectors = clusteredVectors(600, 16);
const query = vectors[42] ?? [];

/** A store whose one graph is in its file. */
async function savedGraph(path?: string): Promise<{ readonly path: string; readonly file: string }> {
  const t = openVectors(path);
  await t.run(...vectors.map((v, i) => t.put('docs', `v${i}`, v)));
  await t.find(['docs'], query, 5);
  await t.search.settled();
  await closeVectors(t);
  const [file = ''] = readdirSync(t.graphs);
  return { path: t.path, file: join(t.graphs, file) };
}

/** The nearest vectors, and whether they came through a graph that was there already. */
async function nearest(t: TestVectors): Promise<{ readonly keys: unknown; readonly fromFile: boolean }> {
  const answer = await t.find(['docs'], query, 3);
  return { keys: answer?.hits.map(({ key }) => key), fromFile: (answer?.compared ?? 0) < 100 };
}

test('a whole file is taken, and brought to what was written since', async () => {
  const { path } = await savedGraph();
  const t = openVectors(path);
  await t.run(t.put('docs', 'new', query), { kind: 'delete', route: 'docs', key: 'v42' });
  const { keys, fromFile } = await nearest(t);
  expect(fromFile).toBe(true);
  expect(keys).toContain('new');
  expect(keys).not.toContain('v42');
});

const damages: Record<string, (file: string) => void> = {
  'cut off': (file) => truncateSync(file, 5000),
  'cut off in its note': (file) => truncateSync(file, readFileSync(file).length - 10),
  empty: (file) => truncateSync(file, 0),
  'with another byte at its beginning': (file) => flip(file, 3),
  'with another byte in its middle': (file) => flip(file, 9000),
  'with another byte in its note': (file) => flip(file, readFileSync(file).length - 60),
  'with more behind it': (file) => appendFileSync(file, 'more'),
  'of something else': (file) => writeFileSync(file, 'x'.repeat(20_000)),
};

function flip(file: string, place: number): void {
  const bytes = readFileSync(file);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test.each(Object.keys(damages))('a file %s is made anew', async (name) => {
  const { path, file } = await savedGraph();
  damages[name]?.(file);
  const t = openVectors(path);
  const before = await nearest(t);
  expect(before.fromFile).toBe(false);
  await t.search.settled();
  expect(await nearest(t)).toEqual({ ...before, fromFile: true });
  await closeVectors(t);
  const again = openVectors(path);
  expect(await nearest(again)).toEqual({ ...before, fromFile: true });
});

test('the file of another store is not taken', async () => {
  const { path, file } = await savedGraph();
  const other = openVectors();
  mkdirSync(other.graphs, { recursive: true });
  cpSync(file, join(other.graphs, file.slice(path.length + '/vectors/'.length)));
  // As many commits of the same size: only the chain tells them apart.
  await other.run(...vectors.map((v, i) => other.put('docs', `w${i}`, v)));
  const { keys, fromFile } = await nearest(other);
  expect(fromFile).toBe(false);
  expect(keys).toContain('w42');
});

/** The program that saves for ever, for plain Node: inside the command's node_modules, which have both native libraries. */
async function bundle(): Promise<string> {
  const outfile = fileURLToPath(
    new URL('../../../cli/node_modules/.tests/saving-program.mjs', import.meta.url),
  );
  await build({
    entryPoints: [fileURLToPath(new URL('./saving-program.fixture.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb', 'usearch'],
    conditions: ['drops-source'],
    logLevel: 'error',
  });
  return outfile;
}

test('a process that is killed while it saves leaves a graph that is whole, or none', async () => {
  const program = await bundle();
  const path = temporaryFolder();
  let stored = 0;
  for (let round = 0; round < 5; round += 1) {
    const child = spawn(process.execPath, [program, path, String(stored)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => (stored = Number(line)));
    await once(lines, 'line');
    await wait(150 + round * 70);
    child.kill('SIGKILL');
    await once(child, 'close');
    const t = openVectors(path);
    const snapshot = t.store.snapshot();
    expect(snapshot.vectors?.('docs')?.count).toBeGreaterThanOrEqual(stored);
    stored = snapshot.vectors?.('docs')?.count ?? 0;
    snapshot.release();
    const last = Array.from({ length: 8 }, (_, d) => Math.sin((stored - 1) * Math.sqrt(d + 2)));
    for (let i = 0; i < 2; i += 1) {
      const answer = await t.find(['docs'], last, 1);
      expect(answer?.hits).toMatchObject([{ key: `v${stored - 1}`, score: 1 }]);
      await t.search.settled();
    }
    await closeVectors(t);
  }
  // What was being written when the process ended is not taken for a graph, and is cleared away.
  expect(readdirSync(join(path, 'vectors')).filter((name) => !name.endsWith('.hnsw'))).toEqual([]);
}, 60_000);
