import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../store.js';
import { missingPostgres, newSchema, openAt, type TestPlace } from './test-schema.fixture.js';

const missing = await missingPostgres();
const clock = { now: 1_700_000_000_000 };

describe.skipIf(missing !== undefined)('two engines on one database', () => {
  let place: TestPlace;
  let stores: readonly Store[] = [];
  beforeAll(async () => {
    place = newSchema();
    // They open an empty schema at the same time.
    stores = await Promise.all([openAt(place, clock), openAt(place, clock)]);
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await place?.remove();
  });

  test('see at once what the other has acknowledged, definitions and routes too', async () => {
    for (let i = 0; i < 20; i += 1) {
      const writer = stores[i % 2]!;
      const reader = stores[(i + 1) % 2]!;
      await writer.commit({
        operations: [
          { kind: 'put', route: `new/r${i}`, key: 'k', payload: { i } },
          { kind: 'put', route: 'patterns', key: `p${i}`, payload: { fields: {} } },
        ],
        writer: null,
      });
      const snapshot = await reader.snapshot();
      expect(await snapshot.get(`new/r${i}`, 'k')).toMatchObject({ payload: { i } });
      expect(snapshot.routes('new')).toHaveLength(i + 1);
      expect(snapshot.definitions.patterns.has(`p${i}`)).toBe(true);
    }
  });

  test('count together, hear of every commit, and miss no record of the log', async () => {
    const start = (await stores[0]!.snapshot()).tx;
    const heard: number[][] = [[], []];
    const stops = stores.map((store, i) => store.onCommit((tx) => heard[i]?.push(tx)));
    const addOne = { kind: 'increment', route: 'shared', key: 'k', path: ['n'], delta: 1 } as const;
    const commits = Array.from({ length: 60 }, (_, i) =>
      stores[i % 2]!.commit({ operations: [addOne], writer: null }),
    );
    const txs = (await Promise.all(commits)).map(({ tx }) => tx);
    const last = Math.max(...txs);
    await expect.poll(() => heard.map((seen) => seen.at(-1)), { timeout: 10_000 }).toEqual([last, last]);
    for (const stop of stops) stop();
    for (const store of stores) {
      expect(await (await store.snapshot()).get('shared', 'k')).toMatchObject({ payload: { n: 60 } });
      const records = await store.log(start, 1000);
      expect(records.map(({ tx }) => tx)).toEqual(
        Array.from({ length: last - start }, (_, i) => start + i + 1),
      );
    }
    expect(await stores[0]!.admin.verify()).toMatchObject({ ok: true, head: last });
  });

  test('a snapshot shows its state whatever is written meanwhile', async () => {
    const [a, b] = stores;
    const put = (key: string, n: number) =>
      a!.commit({ operations: [{ kind: 'put', route: 's', key, payload: { n } }], writer: null });
    for (const key of ['a', 'b', 'c']) await put(key, 1);
    const snapshot = await b!.snapshot();
    const source = snapshot.run({ kind: 'RouteScan', route: 's', subtree: false, rows: 'all' }, 1);
    const first = await source?.next();
    await put('b', 2);
    await put('bb', 2);
    await a!.commit({ operations: [{ kind: 'delete', route: 's', key: 'c' }], writer: null });
    const rest = [...((await source?.next()) ?? []), ...((await source?.next()) ?? [])];
    expect([...(first ?? []), ...rest].map(({ key, payload }) => [key, payload])).toEqual([
      ['a', { n: 1 }],
      ['b', { n: 1 }],
      ['c', { n: 1 }],
    ]);
    expect(await snapshot.get('s', 'c')).toMatchObject({ payload: { n: 1 } });
    expect(await (await b!.snapshot()).get('s', 'c')).toBe('deleted');
  });
});
