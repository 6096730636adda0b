import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from '@drops/engine';
import { expect, it } from 'vitest';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What differs from run to run. */
const changing = new Set(['drop_id', 'created_at', 'tx']);

it('answers as written down', async () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-tracker-'));
  const engine = await open({ data, durability: 'relaxed' });
  const { status, body } = await engine.exec(readFileSync(here('tracker.drops'), 'utf8'));
  await engine.close();
  rmSync(data, { recursive: true });

  const { results }: { results: unknown[] } = JSON.parse(
    JSON.stringify(body, (name, value: unknown) => (changing.has(name) ? undefined : value)),
  );
  expect(status).toBe(200);
  await expect(results.map((result) => JSON.stringify(result) + '\n').join('')).toMatchFileSnapshot(
    here('expected.ndjson'),
  );
});
