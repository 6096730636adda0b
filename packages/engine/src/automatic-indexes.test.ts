import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore, type LocalStore } from '@drops/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { automaticIndexLimits, createAutomaticIndexes, type AutomaticIndexes } from './automatic-indexes.js';
import { openTestEngine } from './open-engine.fixture.js';

let folder: string;
let store: LocalStore;
let automatic: AutomaticIndexes;
let now: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drops-automatic-'));
  now = 1_000_000_000_000;
  store = openLmdbStore({ path: folder, durability: 'relaxed', clock: () => now });
  automatic = createAutomaticIndexes(store, { rows: 100, runs: 3, idle: 3_600_000 });
  await store.commit({
    operations: [{ kind: 'put', route: 'r', key: 'k', payload: { a: 1 } }],
    writer: null,
  });
});
afterEach(async () => {
  automatic.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const index = { route: 'r', fields: [['a']] } as const;
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const listed = () =>
  store
    .snapshot()
    .indexes('r')
    .map(({ fields, created }) => ({ fields, created }));
const ask = (times: number, rows: number) => {
  for (let i = 0; i < times; i += 1) automatic.note(index, rows);
};

test('what queries keep asking for becomes an index; small routes and rare questions do not', async () => {
  ask(10, 99);
  ask(2, 100);
  await turn();
  expect(listed()).toEqual([]);
  ask(1, 100);
  await turn();
  expect(listed()).toEqual([{ fields: [['a']], created: 'auto' }]);
});

test('an automatic index goes when no process used it for long; one made by hand stays', async () => {
  const other = openLmdbStore({ path: folder, durability: 'relaxed', clock: () => now });
  ask(3, 100);
  await turn();
  const record = { route: 'r', fields: [['b']], created: 'manual' };
  await store.commit({
    operations: [{ kind: 'put', route: '_indexes', key: 'b', payload: record }],
    writer: null,
  });
  await store.admin.indexesSettled();
  await automatic.tidy();
  now += 3_599_999;
  const [found] = store.snapshot().indexes('r');
  const path = {
    kind: 'IndexScan',
    route: 'r',
    index: found?.id ?? 0,
    fields: [['a']],
    equal: [1],
    order: { kind: 'natural' },
    rows: 'all',
  } as const;
  expect(await other.snapshot().run(path)?.next()).toHaveLength(1);
  await other.close();
  now += 3_599_999;
  await automatic.tidy();
  expect(listed()).toHaveLength(2);
  expect(store.snapshot().indexes('r')[0]).toMatchObject({ used: 1, lastUsed: now - 3_599_999 });
  now += 1;
  await automatic.tidy();
  expect(listed()).toEqual([{ fields: [['b']], created: 'manual' }]);
});

test.each([
  [true, 1],
  [false, 0],
])(
  'told %s, the engine makes %s indexes for what queries keep asking',
  async (automaticIndexes, expected) => {
    const test = await openTestEngine({ automaticIndexes });
    const { rows, runs } = automaticIndexLimits;
    await test.engine.write(
      'r',
      Array.from({ length: rows }, (_, i) => ({ key: `k${i}`, payload: { n: i } })),
    );
    for (let i = 0; i < runs; i += 1) await test.exec(null, `find r where n = ${i}`);
    await turn();
    const { body } = await test.exec(null, 'status r');
    expect(body['indexes']).toHaveLength(expected);
    await test.close();
  },
);
