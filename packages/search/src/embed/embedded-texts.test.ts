import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@drops/ir';
import { afterEach, expect, test } from 'vitest';
import { openVectors, type TestVectors } from '../vector/vectors.fixture.js';
import { createEmbedder } from './create-embedder.js';
import { openEmbeddedTexts, type EmbeddedTexts } from './embedded-texts.js';
import type { Embedder } from './embedder.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function embeddedOver(t: TestVectors, embedder: Embedder): EmbeddedTexts {
  const embedded = openEmbeddedTexts(t.store, embedder);
  if (!embedded) throw new Error('LMDB keeps rows for others');
  open.unshift(embedded);
  return embedded;
}

const put = (route: string, key: string | null, payload: Json) =>
  ({ kind: 'put', route, key, payload }) as const;

async function keys(t: TestVectors, embedded: EmbeddedTexts, text: string, routes = ['notes']) {
  const snapshot = t.store.snapshot();
  const answer = await embedded.search(snapshot, routes, text, 10);
  snapshot.release();
  return answer?.hits.map(({ key }) => key);
}

const hashed = createEmbedder({ kind: 'hashed' });

test('texts of like spelling are near, and what is replaced, removed or has a vector is not there', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await t.run(
    put('notes', 'colour', { text: 'the colour of the sea' }),
    put('notes', 'tax', { text: 'taxes are due' }),
    put('notes', 'own', { text: 'colours', vector: [1, 2] }),
    put('notes', 'none', { n: 5 }),
    put('other', 'far', { text: 'the colour of the sea' }),
  );
  await embedded.settled();
  expect(await keys(t, embedded, 'colors of seas')).toEqual(['colour', 'tax']);
  const tx = await t.run(put('notes', 'colour', { n: 1 }), { kind: 'delete', route: 'notes', key: 'tax' });
  await t.run(put('notes', null, 'colour'), { kind: 'hide', route: 'notes', tx: tx + 1 });
  await embedded.settled();
  expect(await keys(t, embedded, 'colors')).toBeUndefined();
});

test('what was embedded is there when it is opened again, and goes on from there', async () => {
  const t = openVectors();
  let asked = 0;
  const counting: Embedder = {
    name: hashed.name,
    embed(texts) {
      asked += texts.length;
      return hashed.embed(texts);
    },
  };
  const first = embeddedOver(t, counting);
  await t.run(put('notes', 'a', 'sun'), put('notes', 'b', 'moon'));
  await first.settled();
  await first.close();
  await t.run(put('notes', 'c', 'star'));
  const again = embeddedOver(t, counting);
  await again.settled();
  expect(asked).toBe(3);
  expect(await keys(t, again, 'star')).toHaveLength(3);
  // A rebuild drops what is derived: it is embedded anew.
  t.store.admin.rebuild();
  await again.settled();
  expect(await keys(t, again, 'sun')).toHaveLength(3);
});

/** A service as OpenAI's: it gives a vector for each text, the last one first. */
async function service(answer: (input: readonly string[]) => readonly number[][]) {
  const requests: { readonly url: string; readonly key: string | undefined; readonly body: Json }[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: { input: string[]; model: string } = JSON.parse(text);
      requests.push({ url: request.url ?? '', key: request.headers.authorization, body });
      const data = answer(body.input).map((embedding, index) => ({ index, embedding }));
      response.end(JSON.stringify({ data: data.reverse() }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests };
}

test('a service is asked as OpenAI is', async () => {
  const t = openVectors();
  const { url, requests } = await service((input) =>
    input.map((text) => (text.includes('cat') ? [1, 0] : [0, 1])),
  );
  const embedded = embeddedOver(t, createEmbedder({ kind: 'http', url, model: 'small', key: 'secret' }));
  await t.run(put('notes', 'cat', 'a cat'), put('notes', 'dog', 'a dog'));
  await embedded.settled();
  expect(await keys(t, embedded, 'my cat')).toEqual(['cat', 'dog']);
  expect(requests[0]).toEqual({
    url: '/v1/embeddings',
    key: 'Bearer secret',
    body: { model: 'small', input: ['a cat', 'a dog'] },
  });
});

test.each([
  ['too few vectors', () => []],
  [
    'vectors of several dimensions',
    (input: readonly string[]) => input.map((_, i) => Array.from({ length: i + 1 }, () => 1)),
  ],
])('%s are refused, and nothing is searched by them', async (_, answer) => {
  const t = openVectors();
  const { url } = await service(answer);
  const embedder = createEmbedder({ kind: 'http', url, model: 'small' });
  const embedded = embeddedOver(t, embedder);
  await t.run(put('notes', 'a', 'x'), put('notes', 'b', 'y'));
  await embedded.settled();
  await expect(embedder.embed(['x', 'y'])).rejects.toThrow(/something else/);
  expect(await keys(t, embedded, 'x')).toBeUndefined();
});

test('where a service is not there texts are searched without it', async () => {
  const t = openVectors();
  const embedded = embeddedOver(
    t,
    createEmbedder({ kind: 'http', url: 'http://127.0.0.1:9', model: 'small' }),
  );
  await t.run(put('notes', 'a', 'x'));
  await embedded.settled();
  expect(await keys(t, embedded, 'x')).toBeUndefined();
});
