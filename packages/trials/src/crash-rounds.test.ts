import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { crashRounds } from './crash-rounds.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The programs as plain Node runs them, made of the sources. */
async function programs() {
  execFileSync(process.execPath, [path('../../../scripts/build.mjs'), '--bundle']);
  // Beside the store's own modules, from where it finds lmdb.
  const folder = path('../../store/node_modules/.tests');
  mkdirSync(folder, { recursive: true });
  const engine = `${folder}/engine-process.mjs`;
  await build({
    entryPoints: [path('./engine-process.ts')],
    outfile: engine,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb'],
    conditions: ['drops-source'],
    // Some dependencies are CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return { drops: path('../../cli/bin/drops.js'), engine };
}

test('kill -9 while eight writers write loses nothing acknowledged, three times', async () => {
  const summary = await crashRounds({ rounds: 3, seed: 5, programs: await programs() });
  expect(summary).toMatchObject({ rounds: 3, problems: [] });
  expect(summary.acknowledged).toBeGreaterThan(0);
}, 120_000);
