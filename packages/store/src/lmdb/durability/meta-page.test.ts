import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEnvironment } from '../environment.js';
import { temporaryFolder } from '../testing/temporary-store.fixture.js';
import { readMetaPage, restoreMetaPage } from './meta-page.js';

test.each([0, 1, 2, 3])(
  'a file goes back to the state of transaction %i, whichever page had it',
  async (transaction) => {
    const path = temporaryFolder();
    const environment = openEnvironment({ path, durability: 'full' });
    for (const key of ['a', 'b', 'c', 'd'])
      environment.write(() => {
        environment.log.putSync(key, Buffer.alloc(9));
      });
    await environment.close();
    const fd = openSync(join(path, 'store.mdb'), 'r+');
    const newest = readMetaPage(fd);
    expect(newest?.transaction).toBeGreaterThan(3);
    const bytes = newest?.bytes ?? Buffer.alloc(0);
    restoreMetaPage(fd, { bytes, transaction });
    const found = readMetaPage(fd);
    expect(found?.transaction).toBe(transaction);
    expect(found?.bytes.subarray(0, 100)).toEqual(bytes.subarray(0, 100));
    closeSync(fd);
  },
);
