import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from '@drops/engine';
import { expect, test } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const rows = 20_000;

/** Rows in a store, after which it must verify. */
async function countIn(data: string, drops: string): Promise<unknown> {
  const engine = await open({ data });
  try {
    return (await engine.exec('count r')).body;
  } finally {
    await engine.close();
    execFileSync(process.execPath, [drops, 'verify', '--data', data]);
  }
}

test('an atomic import that is killed has written all or nothing', async () => {
  execFileSync(process.execPath, [path('../../../scripts/build.mjs'), '--bundle']);
  const drops = path('../../cli/bin/drops.js');
  const folder = mkdtempSync(join(tmpdir(), 'drops-killed-'));
  const file = join(folder, 'rows.ndjson');
  const lines = Array.from({ length: rows }, (_, n) => JSON.stringify({ id: `k${n}`, n, t: 'x'.repeat(90) }));
  writeFileSync(file, lines.join('\n'));
  try {
    const found: unknown[] = [];
    for (const after of [500, 1000, 1500, undefined]) {
      const data = join(folder, `data-${after ?? 'whole'}`);
      const argv = [drops, 'import', file, '--route', 'r', '--key-field', 'id', '--atomic', '--data', data];
      // Who is killed leaves the file of its waiting rows behind.
      const env = { ...process.env, TMPDIR: folder };
      const child = spawn(process.execPath, argv, { stdio: 'ignore', env });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
      await ended;
      clearTimeout(timer);
      found.push(await countIn(data, drops));
    }
    for (const body of found) expect([{ count: 0 }, { count: rows }]).toContainEqual(body);
    expect(found.at(-1)).toEqual({ count: rows });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
