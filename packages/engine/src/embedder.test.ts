import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isArray, isObject, type Json } from '@drops/ir';
import { afterEach, expect, test } from 'vitest';
import type { Identity } from '@drops/access';
import { keyNamed } from './access/matrix.fixture.js';
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
  // The search waits for what was just written.
  const found = await search();
  expect(found).toMatchObject({ mode: 'hybrid', total_vectors: 2 });
  const results = isObject(found) ? found['results'] : undefined;
  expect(isArray(results) && results[0]).toMatchObject({ key: 'a', score: 1 });
  await engine.close();
  const plain = await open({ data });
  expect((await plain.exec('search notes "colours"')).body).toMatchObject({ mode: 'text' });
  await plain.close();
});

test('embedded texts of routes that may not be read show in no hit and no figure, with a graph and without', async () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-embedder-'));
  folders.push(data);
  const engine = await open({ data, embedder: { kind: 'hashed' } });
  const owner: Identity = { kind: 'key', key: keyNamed('owner of the team') };
  const member: Identity = { kind: 'key', key: keyNamed('member of the team') };
  const exec = async (text: string, identity?: Identity): Promise<Json> => {
    const { status, body } = await engine.exec(text, { identity });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  };
  const fill = async (route: string, count: number): Promise<void> => {
    const saves = Array.from(
      { length: count },
      (_, i) => `save ${route} @k${i} text: "colour ${i} of the sea"`,
    );
    await exec(`bulk (${saves.join(', ')})`, owner);
  };
  await fill('team/own/notes', 600);
  await fill('team/hidden', 30);
  await exec(`share team/hidden with @${keyNamed('somebody else')} mode shared`, owner);
  for (let i = 0; i < 2; i += 1) {
    expect(await exec('search team "colours of seas"', owner)).toMatchObject({ total_vectors: 630 });
    const found = await exec('search team "colours of seas" top 100', member);
    expect(found).toMatchObject({ mode: 'hybrid', index_type: 'hnsw', total_vectors: 600 });
    expect(JSON.stringify(found)).not.toContain('hidden');
    await engine.settled();
  }
  await engine.close();
});
