import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { memoryOf } from './process-memory.js';
import { memoryTrial } from './trial.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const untold = memoryOf(process.pid) === undefined;
if (untold) console.warn('the trial of memory is SKIPPED: this system does not tell the memory of a process');

test.skipIf(untold)(
  'a server keeps within its bound over 50,000 drops, whatever it is asked',
  async () => {
    execFileSync(process.execPath, [path('../../../../scripts/build.mjs'), '--bundle']);
    const drops = path('../../../cli/bin/drops.js');
    const { baseline, results, problems } = await memoryTrial({ rows: 50_000, drops, bound: 1024 * 2 ** 20 });
    expect(problems).toEqual([]);
    expect(baseline.own).toBeGreaterThan(0);
    expect(results.map(({ outcome }) => outcome)).toContain('answered');
  },
  240_000,
);
