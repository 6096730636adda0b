import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram } from '../bundle.fixture.js';
import { buildInterposer } from './interposer.js';
import { powerLossRounds, type PowerLossPrograms } from './rounds.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-interposer-'));
afterAll(() => rmSync(folder, { recursive: true }));
const built = buildInterposer(folder);
if ('missing' in built) console.warn(`the trial of power loss is SKIPPED: ${built.missing}`);

describe.skipIf('missing' in built)('when power is lost', () => {
  let programs: PowerLossPrograms;
  beforeAll(async () => {
    programs = {
      interposer: 'library' in built ? built.library : '',
      writing: await bundleProgram('./power-loss/writing-process.ts'),
      checking: await bundleProgram('./power-loss/checking-process.ts'),
    };
  });

  test('nothing acknowledged is lost, in thirty images of the disk', async () => {
    const summary = await powerLossRounds({ rounds: 30, seed: 3, programs });
    expect(summary).toMatchObject({ rounds: 30, problems: [] });
    expect(summary.acknowledged).toBeGreaterThan(0);
  }, 120_000);

  test('a store of relaxed durability is whole, and loses at most what no sync has followed', async () => {
    const summary = await powerLossRounds({ rounds: 20, seed: 4, programs, durability: 'relaxed' });
    expect(summary.problems).toEqual([]);
  }, 120_000);

  test('a disk that lies about its syncs is found out', async () => {
    const summary = await powerLossRounds({ rounds: 20, seed: 3, programs, heedsSyncs: false });
    expect(summary.problems).not.toEqual([]);
    rmSync(summary.folder, { recursive: true });
  }, 120_000);
});
