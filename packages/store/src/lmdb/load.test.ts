import { DropsError } from '@drops/diagnostics';
import { isObject, patternRecord } from '@drops/ir';
import { expect, test } from 'vitest';
import type { PutOperation } from '../store.js';
import {
  brief,
  drain,
  history,
  openTestStore,
  put,
  scan,
  type TestStore,
} from './testing/temporary-store.fixture.js';

const pattern = patternRecord([{ name: 'n', type: 'number', required: true, array: false }], '1');

function* rows(count: number, change: (i: number) => Partial<PutOperation> = () => ({})) {
  for (let i = 0; i < count; i += 1) {
    const row: PutOperation = {
      kind: 'put',
      route: 'r',
      key: `k${i % 2000}`,
      payload: { n: i },
      ...change(i),
    };
    yield row;
  }
}

async function load(
  { store }: TestStore,
  count: number,
  change?: (i: number) => Partial<PutOperation>,
  during: () => void = () => undefined,
) {
  const refused: [number, string][] = [];
  const result = await store.load({
    operations: () => {
      during();
      return rows(count, change);
    },
    count,
    writer: null,
    refused: (index, { diagnostic }) => refused.push([index, diagnostic.code]),
  });
  return { ...result, refused };
}

test('writes any number of drops as one commit, under several links', async () => {
  const opened = openTestStore();
  const { store, run, get, environment } = opened;
  await run(put('r', 'before', 1), put('r', 'k5', 'old'));
  expect(await load(opened, 3500)).toEqual({ tx: 3502, written: 3500, refused: [] });
  expect(get('r', 'k5')).toMatchObject({ version: 3, payload: { n: 2005 }, tx: 2008 });
  expect([...environment.chain.getKeys({ start: '', end: '\xff' })]).toHaveLength(5);
  expect(store.admin.verify()).toMatchObject({ ok: true, checked: 3502, head: 3502 });
  const { index, size } = store.admin.prove('r', 'k5');
  expect([index, size]).toEqual([3, 5]);
  const snapshot = store.snapshot();
  expect(snapshot.statistics('r')).toEqual({ route: 'r', entities: 2001, events: 0 });
  // Inside of it is before it, across the links too.
  for (const tx of [3, 1500, 3501]) {
    expect(brief(drain(snapshot.asOf(tx), scan('r')))).toEqual([
      ['before', 1],
      ['k5', 'old'],
    ]);
  }
  expect(drain(snapshot.asOf(3502), scan('r'))).toHaveLength(2001);
  const times = new Set(drain(snapshot, history('r')).map((drop) => drop.created_at));
  expect(times.size).toBe(1);
  expect(
    store
      .log(0, 4000)
      .slice(2)
      .every(({ lastTx }) => lastTx === 3502),
  ).toBe(true);
  const live = drain(snapshot, scan('r'));
  store.admin.rebuild();
  expect(drain(store.snapshot(), scan('r'))).toEqual(live);
});

test('writes nothing when anything is refused, and tells all that is', async () => {
  const opened = openTestStore();
  const { store, run, get } = opened;
  await run(put('patterns', 'r', pattern), put('r', 'k0', { n: -1 }));
  const bad = (i: number) =>
    i === 3 || i === 1999 ? { payload: { n: 'x' } } : { route: i > 5 ? 'new' : 'r' };
  const outcome = await load(opened, 2500, bad);
  expect(outcome).toEqual({
    tx: 2,
    written: 0,
    refused: [
      [3, 'SCHEMA_VIOLATION'],
      [1999, 'SCHEMA_VIOLATION'],
    ],
  });
  expect(store.snapshot().routes()).toEqual(['patterns', 'r']);
  expect(get('r', 'k0')).toMatchObject({ version: 1 });
  expect(store.admin.verify()).toMatchObject({ ok: true, head: 2 });
  // The store goes on as if nothing had been.
  await run(put('new', 'a', 1));
  expect(get('new', 'a')).toMatchObject({ tx: 3, version: 1 });
  expect(await load(opened, 10)).toEqual({ tx: 13, written: 10, refused: [] });
});

test('begins again where rows that had expired take records of their own', async () => {
  const opened = openTestStore();
  const { run, clock, store } = opened;
  await run(put('r', 'k1', 'short', 10), put('r', 'k2', 'short', 10));
  clock.now += 10_000;
  let attempts = 0;
  const outcome = await load(opened, 1500, undefined, () => (attempts += 1));
  expect({ ...outcome, attempts }).toEqual({ tx: 1504, written: 1500, refused: [], attempts: 2 });
  expect(store.log(2, 2000).every(({ lastTx }) => lastTx === 1504)).toBe(true);
  expect(store.admin.verify().ok).toBe(true);
});

test('a life span that began elsewhere keeps its end', async () => {
  const opened = openTestStore();
  const { clock, get } = opened;
  const ends = clock.now + 1234;
  await load(opened, 2, (i) => (i === 0 ? { expiresAt: ends, price: 2 } : { key: null, payload: 1 }));
  expect(get('r', 'k0')).toMatchObject({ price: 2, expires_at: new Date(ends).toISOString() });
  clock.now = ends;
  expect(get('r', 'k0')).toBeUndefined();
});

test('keeps indexes', async () => {
  const opened = openTestStore();
  const { store, run } = opened;
  await run(
    put('_indexes', 'one', { route: 'r', fields: [['n']], created: 'manual' }),
    put('r', 'k7', { n: 7 }),
  );
  await store.admin.indexesSettled();
  await load(opened, 2500, (i) => ({ payload: { n: i % 10 } }));
  const snapshot = store.snapshot();
  const [index] = snapshot.indexes('r');
  if (!index) throw new Error('there is no index');
  const { id, fields } = index;
  const path = {
    kind: 'IndexScan',
    route: 'r',
    index: id,
    fields,
    order: { kind: 'natural' },
    rows: 'all',
  } as const;
  const found = drain(snapshot, { ...path, equal: [3] });
  expect(found).toEqual(
    drain(snapshot, scan('r')).filter(({ payload }) => isObject(payload) && payload['n'] === 3),
  );
  expect(found).toHaveLength(200);
});

test('refuses definitions, and takes nothing', async () => {
  const opened = openTestStore();
  const definition = () => ({ route: 'patterns', payload: { fields: {} } });
  await expect(load(opened, 3, definition)).rejects.toThrow(DropsError);
  expect(await load(opened, 0)).toEqual({ tx: 0, written: 0, refused: [] });
});
