import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, test } from 'vitest';
import { bundleProgram } from './bundle.fixture.js';
import { crashRounds } from './crash-rounds.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

async function programs() {
  execFileSync(process.execPath, [path('../../../scripts/build.mjs'), '--bundle']);
  return {
    drops: path('../../cli/bin/drops.js'),
    engine: await bundleProgram('./engine-process.ts'),
    workers: 2,
  };
}

test('kill -9 while eight writers write loses nothing acknowledged, three times', async () => {
  const summary = await crashRounds({ rounds: 3, seed: 5, programs: await programs() });
  expect(summary).toMatchObject({ rounds: 3, problems: [] });
  expect(summary.acknowledged).toBeGreaterThan(0);
}, 120_000);

test('nor does it on a store that was filled before', async () => {
  const summary = await crashRounds({ rounds: 1, seed: 6, programs: await programs(), fill: 8, memory: 192 });
  expect(summary).toMatchObject({ rounds: 1, problems: [] });
}, 120_000);

const address = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 3000 });
const absent = await client.connect().then(() => client.end(), String);
if (absent !== undefined) console.warn(`SKIPPED: killing servers of a store in PostgreSQL: ${absent}`);

test.skipIf(absent !== undefined)(
  'nor does it on a store in PostgreSQL, whose backends are ended too',
  async () => {
    const summary = await crashRounds({ rounds: 6, seed: 7, programs: await programs(), database: address });
    expect(summary).toMatchObject({ rounds: 6, problems: [] });
  },
  300_000,
);
