import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DropsError } from '@drops/diagnostics';
import { afterAll, expect, test } from 'vitest';
import { bundleProgram, startChild } from './testing/child.fixture.js';
import { closeStore, openTestStore, put, temporaryFolder } from './testing/temporary-store.fixture.js';

test('a disk that takes no more is STORE_FULL, loses nothing and works again', async () => {
  const path = join(temporaryFolder(), 'data');
  // A limit on the size of files refuses writes as a full disk does: 8,000 blocks of 512 bytes.
  const child = startChild(await bundleProgram('filling-program.fixture'), [path], 'ulimit -f 8000;');
  const report: unknown = JSON.parse(await child.line());
  expect(report).toMatchObject({ code: 'STORE_FULL', last: true, half: true, heads: true, ok: true });
  await child.ended;
  const opened = openTestStore(path);
  expect(opened.store.admin.verify().ok).toBe(true);
  await opened.run(put('r', 'again', 'x'.repeat(100_000)));
  expect(opened.get('r', 'again')).toMatchObject({ version: 1 });
}, 120_000);

const disk = mkdtempSync(join(tmpdir(), 'drops-disk-'));
const mount = (...words: readonly string[]): boolean => spawnSync('mount', [...words, disk]).status === 0;
const mounted = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs');
afterAll(() => {
  if (mounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Takes what is left of a disk. */
function fill(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(4096));
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'ENOSPC' });
  }
}

// Only who may mount has a small disk of its own.
test.runIf(mounted)(
  'a full disk is STORE_FULL for writes and backups, and is forgotten when it grows',
  async () => {
    const opened = openTestStore(join(disk, 'data'));
    const codeOf = (thrown: unknown) => (thrown instanceof DropsError ? thrown.diagnostic.code : thrown);
    let written = 0;
    let code: unknown;
    for (; code === undefined && written < 10_000; written += 1) {
      const twins = [put('r', `k${written}`, 'x'.repeat(3000)), put('r', `k${written}-twin`, written)];
      code = await opened.run(...twins).then(() => undefined, codeOf);
    }
    expect(code).toBe('STORE_FULL');
    // It came before lmdb was refused a page.
    const { bavail, bsize } = statfsSync(disk);
    expect(bavail * bsize).toBeGreaterThan(500_000);
    const stored = written - 1;
    expect(stored).toBeGreaterThan(100);
    const check = (): void => {
      for (let i = 0; i < stored; i += 1) expect(opened.get('r', `k${i}-twin`)).toMatchObject({ payload: i });
      expect(opened.get('r', `k${stored}`)).toBeUndefined();
      expect(opened.get('r', `k${stored}-twin`)).toBeUndefined();
      expect(opened.store.admin.verify()).toMatchObject({ ok: true, head: stored * 2 });
    };
    check();
    fill(join(disk, 'rest'));
    expect(await opened.run(put('r', 'more', 1)).catch(codeOf)).toBe('STORE_FULL');
    check();
    expect(await opened.store.admin.backup(join(disk, 'backup')).catch(codeOf)).toBe('STORE_FULL');
    expect(readdirSync(disk)).toEqual(['data', 'rest']);
    expect(mount('-o', 'remount,size=64m')).toBe(true);
    check();
    await opened.store.admin.backup(join(disk, 'backup'));
    for (let i = 0; i < 500; i += 1) await opened.run(put('r', `later${i}`, 'x'.repeat(3000)));
    expect(opened.store.admin.verify()).toMatchObject({ ok: true, head: stored * 2 + 500 });
    await closeStore(opened);
  },
  120_000,
);
