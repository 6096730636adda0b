import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import type { Report } from './report/markdown.js';
import { chart } from './report/svg.js';
import { us } from './workload.js';
import { workloads } from './workloads/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

// Does nothing when all is built, as after `npm test`.
beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')]), 120_000);

it('measures every workload on little data, with the same answers from all that are asked', async () => {
  const program = join(root, 'packages', 'bench', 'dist', 'main.js');
  // What needs neither a server nor long to start. SQLite is asked where it was compiled.
  const peers = [
    us,
    'lmdb by hand',
    'columns in JS',
    'SQLite',
    'SQLite JSON',
    'DuckDB',
    'pwrite + fdatasync',
  ];
  const asked = peers.flatMap((name) => ['--peer', name]);
  const { stdout } = await run(process.execPath, [program, '--quick', '--json', ...asked], {
    maxBuffer: 2 ** 24,
  });
  const { results }: Report = JSON.parse(stdout);
  expect(results.map(({ name }) => name)).toEqual(workloads.map(({ name }) => name));
  for (const { name, contenders, verdicts } of results) {
    const measured = contenders.map(({ contender }) => contender);
    expect(measured, name).toContain(us);
    for (const { contender, figures } of contenders) {
      expect(figures.median, `${name}: ${contender}`).toBeGreaterThan(0);
    }
    expect(verdicts.length, name).toBeGreaterThan(0);
  }
  const lmdb = results.filter(({ contenders }) =>
    contenders.some(({ contender }) => contender === 'lmdb by hand'),
  );
  expect(lmdb.length).toBeGreaterThan(8);
  const drawing = chart(results);
  for (const { title } of lmdb) expect(drawing).toContain(`>${title}</text>`);
  expect(drawing).not.toMatch(/NaN|undefined/);
}, 120_000);

it('measures the growth of one store, and refuses what is no number of drops', async () => {
  const program = join(root, 'packages', 'bench', 'dist', 'growth.js');
  const { stdout } = await run(process.execPath, [
    program,
    '--max',
    '1e4',
    '--rounds',
    '1',
    '--milliseconds',
    '5',
  ]);
  expect(stdout).toMatch(/^\| get \| [\d.]+ \| 1\.00 × \| met \|$/m);
  expect(stdout).toMatch(/^\| insert, .* \| [\d.]+ \| 1\.00 × \| met \|$/m);
  await expect(run(process.execPath, [program, '--max', 'many'])).rejects.toMatchObject({ code: 2 });
}, 60_000);
