import { expect, test } from 'vitest';
import { closeVectors, openVectors } from '../vector/vectors.fixture.js';
import { createEmbedder } from './create-embedder.js';
import {
  answer,
  embeddedOver,
  fill,
  hashed,
  keys,
  noting,
  open,
  put,
  service,
  textOf,
} from './embedded-texts.fixture.js';
import type { Embedder } from './embedder.js';
import { headKey, lastName } from './embedding-rows.js';

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
