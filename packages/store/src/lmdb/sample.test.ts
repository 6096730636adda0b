import { expect, test } from 'vitest';
import { getProperty, isObject, type Json } from '@drops/ir';
import { openTestStore, put, remove } from './temporary-store.fixture.js';

const numberOf = (payload: Json): Json | undefined =>
  isObject(payload) ? getProperty(payload, 'n') : undefined;

test('a sample is spread over the entities and events of a route, what is gone left out', async () => {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  const rows = Array.from({ length: 3000 }, (_, i) => put('r', i % 3 === 0 ? null : `k${i}`, { n: i }));
  await opened.run(...rows, put('other', 'x', { n: -1 }), put('r', 'gone', { n: -2 }));
  await opened.run(remove('r', 'gone'), put('r', 'k1', { n: 1 }, 1));
  opened.clock.now += 5000;
  const snapshot = opened.store.snapshot();
  const found = snapshot.sample('r', 300).map(numberOf).map(Number);
  expect(found.length).toBeGreaterThan(200);
  expect(found.length).toBeLessThanOrEqual(300);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  expect(found.filter((n) => n % 3 === 0).length / found.length).toBeCloseTo(1 / 3, 1);
  expect(found.filter((n) => n < 1500).length / found.length).toBeCloseTo(0.5, 1);
  expect(snapshot.sample('r', 5000)).toHaveLength(2999);
  expect(snapshot.sample('nowhere', 10)).toEqual([]);
  expect(snapshot.asOf(10).sample('r', 10)).toEqual([]);
  snapshot.release();
});
