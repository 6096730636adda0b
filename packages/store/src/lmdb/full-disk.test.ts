import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleProgram, startChild } from './child.fixture.js';
import { openTestStore, put, temporaryFolder } from './temporary-store.fixture.js';

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
}, 60_000);
