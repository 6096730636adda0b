import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DropsError } from '@drops/diagnostics';
import { expect, test } from 'vitest';
import { manifestLength } from '../../backup/backup-file.js';
import { restoreBackup } from '../../restore-backup.js';
import { digestOf } from '../testing/table-bytes.fixture.js';
import {
  add,
  drain,
  history,
  openTestStore,
  put,
  remove,
  scan,
  temporaryFolder,
} from '../testing/temporary-store.fixture.js';

async function backedUp() {
  const folder = temporaryFolder();
  const source = openTestStore(join(folder, 'data'));
  await source.run(put('patterns', 'p', { fields: {} }), put('_views', 'v', { relation: 1 }));
  for (let i = 0; i < 5; i += 1) {
    await source.run(
      put('r', `k${i}`, { i, text: 'ä'.repeat(1000 * i) }),
      put('r/e', null, i),
      add('r', 'k0', ['n'], i),
    );
  }
  await source.run(
    put('large', 'l', 'x'.repeat(3 << 20)),
    remove('r', 'k1'),
    put('r', 'k2', { again: true }, 600),
  );
  const file = join(folder, 'backup.drops');
  const written = await source.store.admin.backup(file);
  return { folder, source, file, written };
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof DropsError) return `${thrown.diagnostic.code} ${thrown.message}`;
    throw thrown;
  }
  return 'none';
}

test('a restored store is the same, byte by byte', async () => {
  const { folder, source, file, written } = await backedUp();
  const target = join(folder, 'deep', 'restored');
  expect(await restoreBackup(file, target)).toEqual(written);
  const restored = openTestStore(target, source.clock);
  expect(digestOf(restored.environment)).toBe(digestOf(source.environment));
  for (const path of [scan('r', true), history('r'), scan('large')]) {
    expect(drain(restored.store.snapshot(), path)).toEqual(drain(source.store.snapshot(), path));
  }
  expect(restored.store.snapshot().definitions).toEqual(source.store.snapshot().definitions);
  expect(restored.store.admin.verify()).toEqual(source.store.admin.verify());
  const next = put('new/route', 'k', 1);
  expect((await restored.run(next)).tx).toBe((await source.run(next)).tx);
  expect(digestOf(restored.environment)).not.toBe('');
  expect(readdirSync(folder).sort((a, b) => Number(a > b) - Number(a < b))).toEqual([
    'backup.drops',
    'data',
    'deep',
  ]);
});

test('a backup made while writing goes on is a state between two commits', async () => {
  const { folder, source } = await backedUp();
  const file = join(folder, 'hot.drops');
  const writing = Array.from({ length: 50 }, (_, i) =>
    source.run(put('hot', `k${i}`, i), put('hot', `l${i}`, i)),
  );
  const [{ drops }] = await Promise.all([source.store.admin.backup(file), ...writing]);
  await source.run(put('later', 'k', 1));
  await restoreBackup(file, join(folder, 'hot'));
  const restored = openTestStore(join(folder, 'hot'));
  expect(restored.store.admin.verify().ok).toBe(true);
  expect(drain(restored.store.snapshot(), scan('hot')).length % 2).toBe(0);
  expect(restored.store.snapshot().routes()).not.toContain('later');
  expect(drops).toBeGreaterThan(10);
});

test('an empty store can be backed up', async () => {
  const folder = temporaryFolder();
  const { store } = openTestStore(join(folder, 'data'));
  expect(await store.admin.backup(join(folder, 'b'))).toEqual({ drops: 0 });
  await restoreBackup(join(folder, 'b'), join(folder, 'restored'));
  expect(openTestStore(join(folder, 'restored')).store.snapshot().tx).toBe(0);
});

test('truncated, changed and foreign files are refused, and nothing is left behind', async () => {
  const { folder, file } = await backedUp();
  const good = readFileSync(file);
  const bad = join(folder, 'bad.drops');
  const target = join(folder, 'target');
  const flipped = (at: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.alloc(0), /is no backup/],
    [Buffer.from('PK\x03\x04 something else'), /is no backup/],
    [Buffer.alloc(10_000, '{'), /is no backup/],
    [good.subarray(0, 100), /is no backup/],
    [good.subarray(0, manifestLength), /bytes instead of/],
    [good.subarray(0, good.length - 1), /bytes instead of/],
    [Buffer.concat([good, Buffer.from('x')]), /bytes instead of/],
    [flipped(manifestLength + 10), /part routes was changed/],
    [flipped(good.length - 1), /part chain was changed/],
    [flipped(good.indexOf('"link":"') + 9), /is damaged|is no backup/],
    [Buffer.from(good.toString('latin1').replace('"format":1', '"format":2'), 'latin1'), /has format 2/],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(bad, bytes);
    expect(await problemOf(restoreBackup(bad, target))).toMatch(message);
  }
  expect(await problemOf(restoreBackup(join(folder, 'none'), target))).toMatch(/NOT_FOUND/);
  expect(readdirSync(folder)).not.toContain('target');
  expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('a folder that holds something is no target', async () => {
  const { folder, file, source } = await backedUp();
  expect(await problemOf(restoreBackup(file, source.path))).toMatch(/CONFLICT .* is not empty/);
  mkdirSync(join(folder, 'empty'));
  expect(await problemOf(restoreBackup(file, join(folder, 'empty')))).toBe('none');
});
