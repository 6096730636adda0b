import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@drops/ir';
import { afterEach, expect, test } from 'vitest';
import { closeVectors, openVectors, seeded, type TestVectors } from '../vector/vectors.fixture.js';
import { createEmbedder } from './create-embedder.js';
import { openEmbeddedTexts, type EmbeddedTexts } from './embedded-texts.js';
import type { Embedder } from './embedder.js';
import { headKey, lastName } from './embedding-rows.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function embeddedOver(t: TestVectors, embedder: Embedder): EmbeddedTexts {
  const embedded = openEmbeddedTexts(t.store, embedder, t.search);
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

async function answer(t: TestVectors, embedded: EmbeddedTexts, text: string, count = 10, routes = ['notes']) {
  const snapshot = t.store.snapshot();
  const found = await embedded.search(snapshot, routes, text, count);
  snapshot.release();
  return found;
}

/** An embedder that notes which texts it was asked for. */
function noting(embedder: Embedder): Embedder & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: embedder.name,
    asked,
    embed(texts) {
      asked.push(...texts);
      return embedder.embed(texts);
    },
  };
}

const syllables = [
  'ba',
  'de',
  'fi',
  'gor',
  'hu',
  'kan',
  'lem',
  'mi',
  'no',
  'pud',
  'ra',
  'sel',
  'ti',
  'vo',
  'zur',
];
/** Different texts of three words. */
function textOf(n: number): string {
  const random = seeded(n);
  const syllable = () => syllables[Math.floor(random() * syllables.length)] ?? '';
  return Array.from({ length: 3 }, () => `${syllable()}${syllable()}${syllable()}`).join(' ');
}

async function fill(t: TestVectors, route: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 250) {
    const size = Math.min(250, count - at);
    await t.run(...Array.from({ length: size }, (_, i) => put(route, `k${at + i}`, textOf(at + i))));
  }
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
  const embedder = noting(hashed);
  const first = embeddedOver(t, embedder);
  await t.run(put('notes', 'a', 'sun'), put('notes', 'b', 'moon'));
  await first.settled();
  await first.close();
  await t.run(put('notes', 'c', 'star'));
  const again = embeddedOver(t, embedder);
  await again.settled();
  expect(embedder.asked).toEqual(['sun', 'moon', 'star']);
  expect(await keys(t, again, 'star')).toHaveLength(3);
  // A rebuild drops what is derived: it is embedded anew.
  t.store.admin.rebuild();
  await again.settled();
  expect(await keys(t, again, 'sun')).toHaveLength(3);
});

test('a text is embedded once, whoever has it and whatever else changes, and goes with the last that has it', async () => {
  const t = openVectors();
  const embedder = noting(hashed);
  const embedded = embeddedOver(t, embedder);
  await t.run(put('notes', 'a', { text: 'sun', n: 1 }), put('notes', 'b', { text: 'sun', n: 1 }));
  await embedded.settled();
  await t.run(put('notes', 'a', { text: 'sun', n: 2 }), put('other', null, 'sun'));
  await embedded.settled();
  expect(embedder.asked).toEqual(['sun']);
  expect(await keys(t, embedded, 'sun', ['notes', 'other'])).toEqual(['b', 'a', null]);
  await t.run({ kind: 'delete', route: 'notes', key: 'b' }, put('notes', 'a', { text: 'sun', vector: [1] }));
  await embedded.settled();
  expect(await keys(t, embedded, 'sun', ['notes', 'other'])).toEqual([null]);
  const [event] = (await answer(t, embedded, 'sun', 1, ['other']))?.hits ?? [];
  await t.run({ kind: 'hide', route: 'other', tx: event?.tx ?? 0 }, put('notes', 'c', 'moon'));
  await embedded.settled();
  expect(await keys(t, embedded, 'sun', ['notes', 'other'])).toEqual(['c']);
  const rows = t.store.derived?.('embeddings').range({ start: '', end: '\xff'.repeat(30) }) ?? [];
  // The head, a text, its owner, its version, and the counts of two routes.
  expect([...rows]).toHaveLength(6);
});

test('many texts are searched through a graph, which sees every write at once', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await fill(t, 'notes', 900);
  await embedded.settled();
  const all = await answer(t, embedded, textOf(7), 900);
  expect(all).toMatchObject({ compared: 900, total: 900, indexType: 'hnsw', dimensions: 256 });
  await t.search.settled();
  let found = 0;
  for (let n = 0; n < 20; n += 1) {
    const text = `${textOf(n)} ${textOf(n + 400)}`;
    const exact = (await answer(t, embedded, text, 900))?.hits.slice(0, 10).map(({ key }) => key);
    const near = await answer(t, embedded, text, 10);
    await t.search.settled();
    if (n > 0) expect(near?.compared).toBeLessThan(100);
    found += near?.hits.filter(({ key }) => exact?.includes(key)).length ?? 0;
  }
  expect(found).toBeGreaterThanOrEqual(190);
  // Nothing is waited for here: the search brings what was written.
  await t.run(put('notes', 'new', textOf(7)), { kind: 'delete', route: 'notes', key: 'k7' });
  expect((await keys(t, embedded, textOf(7)))?.[0]).toBe('new');
  await t.run(put('notes', 'new', { text: textOf(7), vector: [1, 2] }), put('notes', 'k8', 'other words'));
  expect(await keys(t, embedded, textOf(7))).not.toContain('new');
  expect((await keys(t, embedded, 'other words'))?.[0]).toBe('k8');
  expect((await answer(t, embedded, textOf(8), 300))?.total).toBe(899);
});

test('a graph of texts is there after a restart, with what was written meanwhile', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await fill(t, 'notes', 1200);
  await keys(t, embedded, textOf(3));
  await embedded.settled();
  await keys(t, embedded, textOf(3));
  await t.search.settled();
  await embedded.close();
  open.length = 0;
  await closeVectors(t);
  const again = openVectors(t.path);
  await again.run(put('notes', 'new', textOf(5)), { kind: 'delete', route: 'notes', key: 'k5' });
  const embedder = noting(hashed);
  const reopened = embeddedOver(again, embedder);
  const found = await answer(again, reopened, textOf(5));
  expect(found?.hits[0]).toMatchObject({ key: 'new', score: 1 });
  // From its file at once, and one text was embedded that is known already.
  expect(found?.compared).toBeLessThan(50);
  expect(embedder.asked).toEqual([textOf(5)]);
});

test('another embedder makes all anew, beside the searches, and what the old one made goes', async () => {
  const t = openVectors();
  const first = embeddedOver(t, hashed);
  await fill(t, 'notes', 600);
  await first.settled();
  await keys(t, first, textOf(3));
  await t.search.settled();
  await first.close();
  /** The other way round: what was nearest is the farthest. */
  const turned: Embedder = {
    name: 'turned',
    embed: async (texts) => (await hashed.embed(texts)).map((vector) => vector.map((n) => -n)),
  };
  const other = noting(turned);
  const second = embeddedOver(t, other);
  await second.settled();
  expect(new Set(other.asked).size).toBe(600);
  const asked = other.asked.length;
  await keys(t, second, textOf(3));
  await t.search.settled();
  const found = await answer(t, second, textOf(3));
  expect(found?.hits[0]).toMatchObject({ key: 'k3', score: 1 });
  expect(found?.compared).toBeLessThan(100);
  // The texts of the two searches alone.
  expect(other.asked.length - asked).toBe(2);
  const rows = t.store.derived?.('embeddings');
  expect(rows?.get(headKey(hashed.name))).toBeUndefined();
  expect([...(rows?.range({ start: '', end: lastName }) ?? [])]).toHaveLength(3 * 600 + 2);
});

test('two processes make one set of rows', async () => {
  const t = openVectors();
  const first = embeddedOver(t, hashed);
  const second = embeddedOver(t, hashed);
  await fill(t, 'notes', 300);
  await t.run(put('notes', 'k3', textOf(4)), { kind: 'delete', route: 'notes', key: 'k5' });
  await Promise.all([first.settled(), second.settled()]);
  for (const one of [first, second]) {
    expect((await answer(t, one, textOf(4), 300))?.total).toBe(299);
    expect(new Set((await keys(t, one, textOf(4)))?.slice(0, 2))).toEqual(new Set(['k3', 'k4']));
  }
  const rows = t.store.derived?.('embeddings');
  // k3 and k4 share a text.
  expect([...(rows?.range({ start: '', end: lastName }) ?? [])]).toHaveLength(2 * 299 + 298 + 2);
});

test('of two processes with other embedders neither undoes the other for ever', async () => {
  const t = openVectors();
  await fill(t, 'notes', 100);
  const old = noting({ name: 'old', embed: hashed.embed });
  const first = embeddedOver(t, old);
  await first.settled();
  const young = noting({ name: 'young', embed: hashed.embed });
  const second = embeddedOver(t, young);
  await second.settled();
  for (let i = 0; i < 4; i += 1) {
    await t.run(put('notes', 'new', `words ${i}`));
    await Promise.all([first.settled(), second.settled()]);
  }
  expect([old, young].map(({ asked }) => asked.filter((text) => text === textOf(1)).length)).toEqual([2, 1]);
  expect((await keys(t, second, textOf(1)))?.[0]).toBe('k1');
});

test('a rebuild begins graphs anew too', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await fill(t, 'notes', 600);
  await embedded.settled();
  for (let i = 0; i < 2; i += 1) {
    await keys(t, embedded, textOf(3));
    await t.search.settled();
    expect((await answer(t, embedded, textOf(3)))?.hits[0]).toMatchObject({ key: 'k3', score: 1 });
    t.store.admin.rebuild();
    // While they are made again.
    await keys(t, embedded, textOf(3));
    await embedded.settled();
    const found = await answer(t, embedded, textOf(3));
    expect(found).toMatchObject({ total: 600 });
    expect(found?.hits[0]).toMatchObject({ key: 'k3', score: 1 });
  }
});

test('what has expired is not found', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await t.run({ ...put('notes', 'short', 'sun'), ttl: 10 }, put('notes', 'long', 'sun'));
  expect(await keys(t, embedded, 'sun')).toEqual(['short', 'long']);
  t.clock.now += 11_000;
  expect(await keys(t, embedded, 'sun')).toEqual(['long']);
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

test('many texts of a service are searched through a graph, on routes below one another, and a model that changes makes all anew', async () => {
  const t = openVectors();
  let dimension = 26;
  /** How often each letter is in a text. */
  const letters = (text: string): number[] =>
    Array.from({ length: dimension }, (_, i) => text.split(String.fromCharCode(97 + i)).length - 1);
  const { url, requests } = await service((input) => input.map(letters));
  const embedded = embeddedOver(t, createEmbedder({ kind: 'http', url, model: 'letters' }));
  await fill(t, 'notes', 600);
  await t.run(put('notes/below', 'deep', 'jjj xxx'), put('other', 'far', 'jjj xxx'));
  await embedded.settled();
  const routes = ['notes', 'notes/below'];
  await answer(t, embedded, 'jjj xxx', 10, routes);
  await t.search.settled();
  const found = await answer(t, embedded, 'jjj xxx', 10, routes);
  expect(found).toMatchObject({ total: 601, dimensions: 26, indexType: 'hnsw' });
  expect(found?.compared).toBeLessThan(100);
  expect(found?.hits[0]).toMatchObject({ route: 'notes/below', key: 'deep', score: 1 });
  const before = requests.length;
  dimension = 25;
  // It is the search that notices.
  expect(await answer(t, embedded, 'jjj xxx', 10, routes)).toBeUndefined();
  await embedded.settled();
  const after = await answer(t, embedded, 'jjj xxx', 10, routes);
  expect(after).toMatchObject({ total: 601, dimensions: 25 });
  expect(after?.hits[0]).toMatchObject({ key: 'deep', score: 1 });
  // Two searches, and all of the log in batches.
  expect(requests.length - before).toBe(2 + 10);
  dimension = 24;
  await t.run(put('notes', 'new', 'jjj xxx jjj'));
  await embedded.settled();
  const last = await answer(t, embedded, 'jjj xxx jjj', 10, routes);
  expect(last).toMatchObject({
    total: 602,
    dimensions: 24,
    hits: [{ key: 'new' }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
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
