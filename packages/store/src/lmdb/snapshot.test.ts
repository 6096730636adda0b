import { expect, test } from 'vitest';
import {
  add,
  brief,
  closeStore,
  drain,
  hide,
  history,
  openTestStore,
  put,
  remove,
  scan,
} from './testing/temporary-store.fixture.js';

test('entities come by code point of their keys, then events by tx', async () => {
  const { store, run } = openTestStore();
  const keys = ['b', 'a', 'a-', 'a.b', 'Z', '10', '9', 'a/b', '\ue000', '😀', 'a\0', 'ä'];
  await run(put('r', null, 'e1'), ...keys.map((key) => put('r', key, 1)), put('r', null, 'e2'));
  const found = drain(store.snapshot(), scan('r'));
  const order = ['10', '9', 'Z', 'a', 'a\0', 'a-', 'a.b', 'a/b', 'b', 'ä', '\ue000', '😀'];
  expect(found.map((drop) => drop.key)).toEqual([...order, null, null]);
  expect(found.slice(-2).map((drop) => drop.payload)).toEqual(['e1', 'e2']);
  expect(drain(store.snapshot(), history('r')).map((drop) => drop.key)).toEqual([...order, null, null]);
  const past = store.snapshot().asOf(99);
  expect(drain(past, scan('r'))).toEqual(found);
});

test('a subtree is the route and what lies below, events of all last', async () => {
  const { store, run } = openTestStore();
  await run(
    put('r/b', null, 'e1'),
    put('r', null, 'e2'),
    put('r/b', null, 'e3'),
    put('r-x', 'no', 1),
    put('ra', 'no', 1),
  );
  await run(put('r/b', 'k', 1), put('r', 'z', 1), put('r/a/c', 'k', 1), put('r/a', 'k', 1));
  const rows = drain(store.snapshot(), scan('r', true)).map((drop) => `${drop.route} ${drop.key ?? drop.tx}`);
  expect(rows).toEqual(['r z', 'r/a k', 'r/a/c k', 'r/b k', 'r/b 1', 'r 2', 'r/b 3']);
  const versions = drain(store.snapshot(), {
    kind: 'HistoryScan',
    route: 'r',
    subtree: true,
    newestFirst: false,
  });
  expect(versions.map((drop) => `${drop.route} ${drop.key ?? drop.tx}`)).toEqual(rows);
  expect(store.snapshot().routes()).toEqual(['r', 'r-x', 'r/a', 'r/a/c', 'r/b', 'ra']);
  expect(store.snapshot().routes('r')).toEqual(['r', 'r/a', 'r/a/c', 'r/b']);
  expect(store.snapshot().asOf(5).routes('r')).toEqual(['r', 'r/b']);
  expect(drain(store.snapshot(), scan('nothing', true))).toEqual([]);
});

test('lookups of several keys come in key order, once each', async () => {
  const { store, run } = openTestStore();
  await run(put('r', 'a', 1), put('r', 'b', 2), put('r', 'c', 3), remove('r', 'c'));
  const path = { kind: 'MultiGet', route: 'r', keys: ['c', 'b', 'x', 'a', 'b'] } as const;
  expect(brief(drain(store.snapshot(), path))).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(brief(drain(store.snapshot(), { kind: 'Get', route: 'r', key: 'b' }))).toEqual([['b', 2]]);
  expect(drain(store.snapshot(), { kind: 'Get', route: 'none', key: 'b' })).toEqual([]);
});

test('a scan goes on after a place', async () => {
  const { store, run } = openTestStore();
  await run(put('r', 'a', 1), put('r', 'ab', 2), put('r', 'b', 3), put('r', null, 4), put('r', null, 5));
  const from = (
    after: { readonly key: string } | { readonly tx: number },
    rows: 'all' | 'entities' = 'all',
  ) =>
    brief(drain(store.snapshot(), { kind: 'RouteScan', route: 'r', subtree: false, rows, after })).map(
      ([, p]) => p,
    );
  expect(from({ key: 'a' })).toEqual([2, 3, 4, 5]);
  expect(from({ key: 'aa' })).toEqual([2, 3, 4, 5]);
  expect(from({ key: 'a' }, 'entities')).toEqual([2, 3]);
  expect(from({ tx: 4 })).toEqual([5]);
});

test('the history of one entity, oldest or newest first, with its tombstones', async () => {
  const { store, run } = openTestStore();
  await run(
    put('r', 'k', 1),
    put('r', 'kk', 0),
    remove('r', 'k'),
    put('r', 'k', 2),
    add('r', 'kk', ['n'], 1),
  ).catch(() => undefined);
  await run(put('r', 'k', 1));
  await run(remove('r', 'k'), put('r', 'k', { a: 1 }), add('r', 'k', ['n'], 1));
  const versions = (newestFirst: boolean) =>
    drain(store.snapshot(), { kind: 'HistoryScan', route: 'r', subtree: false, key: 'k', newestFirst }).map(
      (drop) => [drop.version, drop.payload],
    );
  const expected = [
    [1, 1],
    [2, null],
    [3, { a: 1 }],
  ];
  expect(versions(false)).toEqual(expected);
  expect(versions(true)).toEqual([...expected].reverse());
  const path = { kind: 'HistoryScan', route: 'r', subtree: false, newestFirst: true } as const;
  expect(store.snapshot().run(path)).toBeUndefined();
});

test('a snapshot does not change, held or let go', async () => {
  const { store, run } = openTestStore();
  for (let i = 0; i < 3000; i += 500) {
    await run(...Array.from({ length: 500 }, (_, j) => put('r', `k${i + j}`, { i: i + j })));
  }
  await run(put('r', null, 'event'), add('r', 'k0', ['n'], 1));
  const snapshot = store.snapshot();
  const before = drain(snapshot, scan('r'));
  const held = snapshot.run(scan('r'));
  const first = held?.next();
  await run(
    put('r', 'k1', 'new'),
    remove('r', 'k2'),
    put('r', 'zzz', 1),
    hide('r', 3001),
    add('r', 'k0', ['n'], 1),
  );
  await run(put('patterns', 'p', { fields: {} }));
  expect(drain(snapshot, scan('r'))).toEqual(before);
  snapshot.release();
  snapshot.release();
  expect(drain(snapshot, scan('r'))).toEqual(before);
  expect(snapshot.get('r', 'k2')).toMatchObject({ payload: { i: 2 } });
  expect(snapshot.definitions.patterns.size).toBe(0);
  const rest = [...(Array.isArray(first) ? first : [])];
  for (let batch = held?.next(); Array.isArray(batch); batch = held?.next()) rest.push(...batch);
  expect(rest).toEqual(before);
  held?.close();
  expect(held?.next()).toBeNull();
});

test('batches have at most 1,024 rows and end early when drops are large', async () => {
  const { store, run } = openTestStore();
  await run(...Array.from({ length: 12 }, (_, i) => put('big', `k${i}`, 'x'.repeat(1 << 20))));
  await run(...Array.from({ length: 3000 }, (_, i) => put('small', `k${i}`, i)));
  const sizes = (route: string): number[] => {
    const source = store.snapshot().run(scan(route));
    const found: number[] = [];
    for (let batch = source?.next(); Array.isArray(batch); batch = source?.next()) found.push(batch.length);
    return found;
  };
  expect(Math.max(...sizes('small'))).toBe(1024);
  expect(Math.max(...sizes('big'))).toBeLessThanOrEqual(5);
  expect(sizes('big').reduce((a, b) => a + b)).toBe(12);
});

test('as of a tx inside a unit is the state before it; as of a time the last tx by then', async () => {
  const { store, run, clock } = openTestStore();
  const start = clock.now;
  await run(put('r', 'a', 1));
  clock.now += 1000;
  await run(put('r', 'a', 2), put('r', 'b', 2), put('r', 'c', 2));
  clock.now += 1000;
  await run(remove('r', 'a'));
  const snapshot = store.snapshot();
  const at = (tx: number) => brief(drain(snapshot.asOf(tx), scan('r')));
  expect(at(0)).toEqual([]);
  expect([at(1), at(2), at(3)]).toEqual([[['a', 1]], [['a', 1]], [['a', 1]]]);
  expect(at(4)).toHaveLength(3);
  expect(at(5)).toHaveLength(2);
  expect(at(99)).toEqual(at(5));
  expect(snapshot.asOf(3).tx).toBe(1);
  expect(snapshot.asOf(5).get('r', 'a')).toBe('deleted');
  expect(snapshot.asOf(4).get('r', 'a')).toMatchObject({ payload: 2 });
  const times = [start - 1, start, start + 999, start + 1000, start + 1999, start + 2000, start + 9e9];
  expect(times.map((time) => snapshot.asOfTime(time).tx)).toEqual([0, 1, 1, 4, 4, 5, 5]);
  expect(snapshot.asOf(4).asOfTime(start + 9e9).tx).toBe(4);
});

test('as of judges expiry at that time', async () => {
  const { store, run, clock } = openTestStore();
  const start = clock.now;
  await run(put('r', 'a', 1, 10));
  clock.now += 60_000;
  await run(put('r', 'b', 1));
  const snapshot = store.snapshot();
  expect(snapshot.asOf(1).get('r', 'a')).toMatchObject({ payload: 1 });
  expect(snapshot.asOfTime(start + 9_999).get('r', 'a')).toMatchObject({ payload: 1 });
  expect(snapshot.asOfTime(start + 10_000).get('r', 'a')).toBeUndefined();
  expect(snapshot.asOf(2).get('r', 'a')).toBeUndefined();
});

test('what was written is there after opening again', async () => {
  const first = openTestStore();
  await first.run(
    put('r', 'a', { x: 1 }),
    put('r', null, 'e'),
    add('r', 'a', ['n'], 2),
    put('patterns', 'p', { fields: {} }),
  );
  const rows = drain(first.store.snapshot(), scan('r'));
  await closeStore(first);
  const second = openTestStore(first.path, first.clock);
  expect(drain(second.store.snapshot(), scan('r'))).toEqual(rows);
  expect(second.store.snapshot().definitions.patterns.has('p')).toBe(true);
  const { tx } = await second.run(put('s', 'a', 1));
  expect(tx).toBe(5);
  expect(second.store.admin.verify()).toMatchObject({ ok: true, checked: 5 });
});

test('listeners hear of commits, and the log tells what they were', async () => {
  const { store, run } = openTestStore();
  const heads: number[] = [];
  const stop = store.onCommit((head) => heads.push(head));
  await run(put('r', 'a', 1), put('r', null, 2));
  await run(remove('r', 'a'));
  stop();
  await run(put('r', 'b', 1));
  expect(heads).toEqual([2, 3]);
  expect(store.log(1, 2)).toMatchObject([
    { tx: 2, lastTx: 2, kind: 'put', route: 'r', key: null, payload: 2 },
    { tx: 3, lastTx: 3, kind: 'delete', key: 'a', version: 2, payload: null, source: null },
  ]);
  expect(store.log(0, 1)).toMatchObject([{ tx: 1, lastTx: 2 }]);
});
