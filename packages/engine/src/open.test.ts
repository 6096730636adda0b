import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { open } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('save, get and find go through every layer', async () => {
  const engine = await open({ data: folder });
  const saved = await engine.exec('save users @alice name: "Alice" age: 30');
  expect(saved).toMatchObject({ status: 200, body: { route: 'users', key: 'alice', version: 1, tx: 1 } });
  expect(await engine.exec('users @alice')).toMatchObject({
    status: 200,
    body: { payload: { name: 'Alice', age: 30 } },
  });
  const found = await engine.exec(
    'save users @bob name: "Bob" age: 20\nfind users where age > 25 sort name limit 10',
  );
  expect(found).toMatchObject({
    status: 200,
    body: { results: [{ key: 'bob' }, { count: 1, results: [{ key: 'alice' }] }] },
  });
  expect(await engine.exec('users @nobody')).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND' } },
  });
  await engine.close();
});
