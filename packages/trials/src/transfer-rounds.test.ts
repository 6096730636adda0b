import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { transferRounds } from './transfer-rounds.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

test('20,000 rows come back as they were, within the bounds of memory', async () => {
  execFileSync(process.execPath, [path('../../../scripts/build.mjs'), '--bundle']);
  const folder = mkdtempSync(join(tmpdir(), 'drops-transfer-test-'));
  const steps: string[] = [];
  try {
    const problems = await transferRounds({
      rows: 20_000,
      formats: ['csv', 'sql'],
      drops: path('../../cli/bin/drops.js'),
      folder,
      onStep: ({ name }) => steps.push(name),
    });
    expect(problems).toEqual([]);
    expect(steps).toHaveLength(7);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 180_000);
