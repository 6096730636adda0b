import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { askingTime, goldenAnswers } from './testing/golden.fixture.js';
import { restoreBackup } from '../restore-backup.js';
import { openTestStore, put, temporaryFolder, type TestStore } from './testing/temporary-store.fixture.js';

const golden = fileURLToPath(new URL('../../golden', import.meta.url));
const versions = readdirSync(golden).filter((name) => /^v\d+$/.test(name));

function expectKnownAnswers({ store }: TestStore, version: string): void {
  const known: unknown = JSON.parse(readFileSync(join(golden, version, 'answers.json'), 'utf8'));
  const { problem, ...verified } = store.admin.verify();
  expect(problem).toBeUndefined();
  const snapshot = store.snapshot();
  expect({ verified, answers: goldenAnswers(snapshot) }).toEqual(known);
  snapshot.release();
}

test('there is a golden store of every version', () => {
  expect(versions).toEqual(['v1', 'v2']);
});

describe.each(versions)('the golden store %s', (version) => {
  test('opens, answers as it did, is rebuilt to the same answers, and takes writes', async () => {
    const path = join(temporaryFolder(), 'data');
    mkdirSync(path);
    cpSync(join(golden, version, 'data'), path, { recursive: true });
    const opened = openTestStore(path, { now: askingTime });
    expectKnownAnswers(opened, version);
    opened.store.admin.rebuild();
    expectKnownAnswers(opened, version);
    await opened.run(put('users', 'eve', { n: 1 }));
    expect(opened.store.admin.verify()).toMatchObject({ ok: true });
  });

  test('is restored from its backup to the same answers', async () => {
    const path = join(temporaryFolder(), 'data');
    await restoreBackup(join(golden, version, 'backup'), path);
    expectKnownAnswers(openTestStore(path, { now: askingTime }), version);
  });
});
