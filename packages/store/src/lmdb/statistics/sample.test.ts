import { expect, test } from 'vitest';
import { getProperty, isObject, type Json } from '@drops/ir';
import { openTestStore, put, remove } from '../testing/temporary-store.fixture.js';

const numberOf = (payload: Json): Json | undefined =>
  isObject(payload) ? getProperty(payload, 'n') : undefined;

test('a sample is spread over the entities and events of a route, what is gone left out', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  const rows = Array.from({ length: 3000 }, (_, i) => put('r', i % 3 === 0 ? null : `k${i}`, { n: i }));
  await opened.run(...rows, put('other', 'x', { n: -1 }), put('r', 'gone', { n: -2 }));
  await opened.run(remove('r', 'gone'), put('r', 'k1', { n: 1 }, 1));
  opened.clock.now += 5000;
  const sampleOf = async (route: string) => {
    const snapshot = opened.store.snapshot();
    snapshot.askSample(route);
    snapshot.release();
    await opened.store.admin.samplesSettled();
    return snapshot.sample(route);
  };
  const sample = await sampleOf('r');
  expect(sample?.rows).toBe(3000);
  const found = sample?.payloads.map(numberOf).map(Number) ?? [];
  expect(found.length).toBeGreaterThan(400);
  expect(found.length).toBeLessThanOrEqual(500);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  expect(found.filter((n) => n % 3 === 0).length / found.length).toBeCloseTo(1 / 3, 1);
  expect(found.filter((n) => n < 1500).length / found.length).toBeCloseTo(0.5, 1);
  expect((await sampleOf('other'))?.payloads).toEqual([{ n: -1 }]);
  expect((await sampleOf('nowhere'))?.payloads).toEqual([]);
  expect(await sampleOf('r')).toBe(sample);
});

test('samples of several routes wait for each other, and none is made once the store is closed', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
  await opened.run(...names.map((name, i) => put(name, 'k', { n: i })));
  const snapshot = opened.store.snapshot();
  for (const name of names) snapshot.askSample(name);
  expect(names.map((name) => snapshot.sample(name))).toEqual(names.map(() => undefined));
  snapshot.release();
  await opened.store.admin.samplesSettled();
  // So many may wait at once; the others are asked for again by who plans with them.
  expect(names.filter((name) => snapshot.sample(name)?.payloads.length === 1)).toHaveLength(32);
  const later = opened.store.snapshot();
  later.askSample('r39');
  later.release();
  await opened.store.close();
  await opened.store.admin.samplesSettled();
  expect(snapshot.sample('r39')).toBeUndefined();
});
