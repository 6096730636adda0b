import { expect, test } from 'vitest';
import { openVectors } from '../vector/vectors.fixture.js';
import { createEmbedder } from './create-embedder.js';
import { answer, embeddedOver, hashed, keys, noting, put, service } from './embedded-texts.fixture.js';

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

test('what has expired is not found', async () => {
  const t = openVectors();
  const embedded = embeddedOver(t, hashed);
  await t.run({ ...put('notes', 'short', 'sun'), ttl: 10 }, put('notes', 'long', 'sun'));
  expect(await keys(t, embedded, 'sun')).toEqual(['short', 'long']);
  t.clock.now += 11_000;
  expect(await keys(t, embedded, 'sun')).toEqual(['long']);
});

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

test('a text that a service refuses holds up no other', async () => {
  const t = openVectors();
  const { url } = await service((input) =>
    input.includes('too long') ? 400 : input.map((text) => (text === 'x' ? [1, 0] : [0, 1])),
  );
  const embedded = embeddedOver(t, createEmbedder({ kind: 'http', url, model: 'small' }));
  await t.run(put('notes', 'a', 'x'), put('notes', 'b', 'too long'), put('notes', 'c', 'y'));
  await t.run(put('notes', 'd', 'too long'));
  await t.run(put('notes', 'e', 'x'));
  await embedded.settled();
  expect(await keys(t, embedded, 'x')).toEqual(['a', 'e', 'c']);
});

test('where a service refuses whatever it is sent, texts wait until it does not', async () => {
  const t = openVectors();
  let isReady = false;
  const { url } = await service((input) => (isReady ? input.map(() => [1, 0]) : 400));
  const embedder = createEmbedder({ kind: 'http', url, model: 'small' });
  const embedded = embeddedOver(t, embedder);
  await t.run(put('notes', 'a', 'x'));
  await embedded.settled();
  isReady = true;
  await t.run(put('notes', 'b', 'y'));
  await embedded.settled();
  expect(await keys(t, embedded, 'x')).toEqual(['a', 'b']);
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
