import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isArray, isObject, type Json } from '@drops/ir';
import { afterEach, expect, test, vi } from 'vitest';
import { open } from './index.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('with an embedder a text search is hybrid, without one it is of words', async () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-embedder-'));
  folders.push(data);
  const engine = await open({ data, embedder: { kind: 'hashed' } });
  await engine.exec(
    'bulk (save notes @a text: "colour of the sea", save notes @b text: "taxes", save notes @c vector: (1, 2))',
  );
  const search = async (): Promise<Json> => (await engine.exec('search notes "colours of seas"')).body;
  // Texts are embedded beside other work.
  await vi.waitFor(async () => expect(await search()).toMatchObject({ mode: 'hybrid', total_vectors: 2 }));
  const found = await search();
  const results = isObject(found) ? found['results'] : undefined;
  expect(isArray(results) && results[0]).toMatchObject({ key: 'a', score: 1 });
  await engine.close();
  const plain = await open({ data });
  expect((await plain.exec('search notes "colours"')).body).toMatchObject({ mode: 'text' });
  await plain.close();
});
