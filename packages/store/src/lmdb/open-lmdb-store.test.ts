import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openLmdbStore } from './open-lmdb-store.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is saved is read', async () => {
  const store = openLmdbStore({ path: folder });
  const { tx } = await store.commit({
    writer: null,
    operations: [
      { kind: 'put', route: 'users', key: 'b', payload: { a: 1 } },
      { kind: 'increment', route: 'users', key: 'b', path: ['n'], delta: 3 },
      { kind: 'merge', route: 'users', key: 'b', changes: { z: 3 } },
    ],
  });
  expect(tx).toBe(3);
  expect(store.snapshot().get('users', 'b')).toMatchObject({
    payload: { a: 1, n: 3, z: 3 },
    version: 2,
    tx: 3,
  });
  await store.close();
});
