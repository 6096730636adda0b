import type { Json } from '@drops/ir';
import { describe, expect, test } from 'vitest';
import {
  add,
  drain,
  hide,
  history,
  merge,
  openTestStore,
  put,
  remove,
  scan,
} from '../testing/temporary-store.fixture.js';

describe('put', () => {
  test('makes versions, and goes on counting after a removal', async () => {
    const { run, get } = openTestStore();
    await run(put('r', 'k', { a: 1 }));
    await run(put('r', 'k', { a: 2 }));
    await run(remove('r', 'k'));
    expect(get('r', 'k')).toBe('deleted');
    const { results } = await run(put('r', 'k', { a: 3 }));
    expect(results).toMatchObject([
      { kind: 'put', drop: { version: 4, tx: 4, payload: { a: 3 }, source: null } },
    ]);
    expect(get('r', 'k')).toMatchObject({ version: 4, tx: 4 });
  });

  test('answers with the drop as it is read', async () => {
    const { store, run, get, clock } = openTestStore();
    const { results } = await store.commit({
      operations: [{ kind: 'put', route: 'r', key: 'k', payload: [1, 'ä'], ttl: 60, price: 2.5 }],
      writer: 'k'.repeat(43),
    });
    const [result] = results;
    expect(result).toEqual({ kind: 'put', drop: get('r', 'k') });
    expect(get('r', 'k')).toEqual({
      drop_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      route: 'r',
      key: 'k',
      source: expect.stringMatching(/^[0-9a-f]{12}$/),
      payload: [1, 'ä'],
      created_at: new Date(clock.now).toISOString(),
      version: 1,
      tx: 1,
      price: 2.5,
      expires_at: new Date(clock.now + 60_000).toISOString(),
    });
    await run(put('r', 'k', 1));
    expect(get('r', 'k')).not.toHaveProperty('price');
    expect(get('r', 'k')).not.toHaveProperty('expires_at');
  });

  test('appends events, which are always version 1', async () => {
    const { store, run } = openTestStore();
    await run(put('r', null, 'a'), put('r', null, 'b'));
    expect(drain(store.snapshot(), scan('r'))).toMatchObject([
      { key: null, payload: 'a', version: 1, tx: 1 },
      { key: null, payload: 'b', version: 1, tx: 2 },
    ]);
  });

  test('parses a string that holds an object or array, once', async () => {
    const { run, get } = openTestStore();
    await run(
      put('r', 'object', ' {"a":"{\\"b\\":1}"}'),
      put('r', 'array', '[1]'),
      put('r', 'text', '{not json}'),
      put('r', 'number', '12'),
    );
    expect(get('r', 'object')).toMatchObject({ payload: { a: '{"b":1}' } });
    expect(get('r', 'array')).toMatchObject({ payload: [1] });
    expect(get('r', 'text')).toMatchObject({ payload: '{not json}' });
    expect(get('r', 'number')).toMatchObject({ payload: '12' });
  });

  test('keeps odd names and characters, stores -0 as 0', async () => {
    const { run, get } = openTestStore();
    const payload = JSON.parse(
      '{"__proto__":{"x":-0},"constructor":1,"a":[-0,{"b":-0}],"nul":"\\u0000","😀":"\\ud83d\\ude00"}',
    );
    const { results } = await run(put('r', 'k', payload));
    const stored = JSON.parse(
      '{"__proto__":{"x":0},"constructor":1,"a":[0,{"b":0}],"nul":"\\u0000","😀":"😀"}',
    );
    expect(get('r', 'k')).toMatchObject({ payload: stored });
    expect(results).toMatchObject([{ drop: { payload: stored } }]);
  });

  test('refuses what JSON cannot hold', async () => {
    const { refused } = openTestStore();
    const payloads: readonly Json[] = [
      '\ud800',
      { a: ['x\udc00'] },
      { '\ud800': 1 },
      Number.NaN,
      { a: Infinity },
    ];
    for (const payload of payloads) {
      expect(await refused(put('r', 'k', payload))).toMatchObject({ code: 'TYPE_ERROR', status: 400 });
    }
    expect(await refused(put('r', null, null))).toMatchObject({ code: 'KEY_REQUIRED', status: 400 });
  });

  test('takes escapes that only look like lone surrogates', async () => {
    const { run, get } = openTestStore();
    await run(put('r', 'k', '\\ud800'));
    expect(get('r', 'k')).toMatchObject({ payload: '\\ud800' });
  });

  test('refuses payloads above 10 MB, after a merge too', async () => {
    const { run, refused, get } = openTestStore();
    const large = 'ä'.repeat(5 * 1024 * 1024 - 10);
    await run(put('r', 'k', { a: large }));
    expect(get('r', 'k')).toMatchObject({ payload: { a: large } });
    expect(await refused(put('r', 'k', `${large}${'x'.repeat(30)}`))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      status: 413,
    });
    expect(await refused(merge('r', 'k', { b: 'x'.repeat(30) }))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
  });
});

describe('merge', () => {
  test('replaces fields shallowly, null removes; keeps price and life span', async () => {
    const { store, run, get } = openTestStore();
    await store.commit({
      operations: [
        { kind: 'put', route: 'r', key: 'k', payload: { a: { x: 1 }, b: 1, c: 1 }, price: 3, ttl: 9 },
      ],
      writer: null,
    });
    const before = get('r', 'k');
    await run(merge('r', 'k', { a: { y: 2 }, b: null, d: 4 }));
    const after = get('r', 'k');
    expect(after).toMatchObject({ payload: { a: { y: 2 }, c: 1, d: 4 }, version: 2, price: 3 });
    expect(after).toHaveProperty('expires_at', typeof before === 'object' ? before.expires_at : '');
  });

  test('needs a live entity with an object', async () => {
    const { run, refused } = openTestStore();
    expect(await refused(merge('r', 'k', { a: 1 }))).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await run(put('r', 'k', [1]));
    expect(await refused(merge('r', 'k', { a: 1 }))).toMatchObject({ code: 'TYPE_ERROR', status: 400 });
    await run(remove('r', 'k'));
    expect(await refused(merge('r', 'k', { a: 1 }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('delete and hide', () => {
  test('a removal of nothing live is 404', async () => {
    const { run, refused, clock } = openTestStore();
    expect(await refused(remove('r', 'k'))).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await run(put('r', 'k', 1, 1));
    clock.now += 1000;
    expect(await refused(remove('r', 'k'))).toMatchObject({ code: 'NOT_FOUND' });
    await run(put('r', 'k', 1));
    await run(remove('r', 'k'));
    expect(await refused(remove('r', 'k'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a hidden event stays in the history beside its tombstone', async () => {
    const { store, run } = openTestStore();
    await run(put('r', null, 'a'), put('r', null, 'b'));
    expect((await run(hide('r', 1))).results).toEqual([{ kind: 'hide', removed: true }]);
    expect((await run(hide('r', 1), hide('r', 9), hide('none', 1))).results).toMatchObject([
      { removed: false },
      { removed: false },
      { removed: false },
    ]);
    const snapshot = store.snapshot();
    expect(drain(snapshot, scan('r')).map((drop) => drop.tx)).toEqual([2]);
    expect(drain(snapshot, history('r')).map((drop) => [drop.tx, drop.payload])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, null],
    ]);
    expect(drain(snapshot.asOf(2), scan('r')).map((drop) => drop.tx)).toEqual([1, 2]);
    expect(snapshot.statistics('r')).toEqual({ route: 'r', entities: 0, events: 1 });
  });
});

describe('preconditions', () => {
  test('that do not hold are 409 and write nothing', async () => {
    const { run, refused, get, store } = openTestStore();
    await run(put('r', 'k', 1));
    for (const precondition of [
      { kind: 'absent' },
      { kind: 'version', version: 2 },
      { kind: 'tx', tx: 7 },
    ] as const) {
      expect(await refused({ kind: 'put', route: 'r', key: 'k', payload: 2, precondition })).toMatchObject({
        code: 'CONFLICT',
        status: 409,
      });
    }
    expect(get('r', 'k')).toMatchObject({ payload: 1 });
    expect(store.snapshot().tx).toBe(1);
  });

  test('that hold let the write through', async () => {
    const { run, get } = openTestStore();
    await run({ kind: 'put', route: 'r', key: 'k', payload: 1, precondition: { kind: 'absent' } });
    await run({
      kind: 'put',
      route: 'r',
      key: 'k',
      payload: { a: 1 },
      precondition: { kind: 'version', version: 1 },
    });
    await run({
      kind: 'merge',
      route: 'r',
      key: 'k',
      changes: { b: 2 },
      precondition: { kind: 'tx', tx: 2 },
    });
    expect(get('r', 'k')).toMatchObject({ payload: { a: 1, b: 2 }, version: 3 });
    await run({ kind: 'delete', route: 'r', key: 'k', precondition: { kind: 'version', version: 3 } });
    await run({ kind: 'put', route: 'r', key: 'k', payload: 1, precondition: { kind: 'absent' } });
    expect(get('r', 'k')).toMatchObject({ version: 5 });
  });

  test('about something that is not there do not hold', async () => {
    const { refused } = openTestStore();
    const precondition = { kind: 'version', version: 1 } as const;
    expect(await refused({ kind: 'delete', route: 'r', key: 'k', precondition })).toMatchObject({
      code: 'CONFLICT',
    });
  });
});

describe('units', () => {
  test('are all or nothing; operations see earlier ones', async () => {
    const { run, refused, get, store } = openTestStore();
    await run(put('r', 'a', { n: 1 }), merge('r', 'a', { m: 2 }), add('r', 'a', ['n'], 4));
    expect(get('r', 'a')).toMatchObject({ payload: { n: 5, m: 2 }, version: 2, tx: 2 });
    const error = await refused(put('r', 'b', 1), put('s', 'c', 1), remove('r', 'nothing'), put('r', 'd', 1));
    expect(error).toMatchObject({ code: 'NOT_FOUND', details: [{ index: 2 }] });
    expect(get('r', 'b')).toBeUndefined();
    expect(store.snapshot().routes()).toEqual(['r']);
    expect(store.snapshot().tx).toBe(3);
  });

  test('of one turn share a link, and one that fails does not touch the others', async () => {
    const { run, refused, store, environment } = openTestStore();
    const [first, failed, second] = await Promise.all([
      run(put('r', 'a', 1)),
      refused(put('r', 'a', 2), remove('r', 'zzz')),
      run(add('r', 'a2', ['n'], 1)),
    ]);
    expect([first.tx, failed.code, second.tx]).toEqual([1, 'NOT_FOUND', 3]);
    expect([...environment.chain.getKeys({ start: '', end: '\xff' })]).toHaveLength(1);
    expect(store.admin.verify()).toMatchObject({ ok: true, checked: 3, head: 3 });
  });

  test('share one created_at, which never goes back', async () => {
    const { run, clock } = openTestStore();
    const first = clock.now;
    await run(put('r', 'a', 1), put('r', 'b', 1));
    clock.now -= 5000;
    const { results } = await run(put('r', 'c', 1));
    expect(results).toMatchObject([{ drop: { created_at: new Date(first).toISOString() } }]);
  });

  test('without anything to write answer the head', async () => {
    const { run } = openTestStore();
    await run(put('r', 'a', 1));
    expect(await run()).toEqual({ tx: 1, results: [] });
  });
});

describe('life spans', () => {
  test('end what is read; the version goes on', async () => {
    const { run, get, clock, store } = openTestStore();
    await run(put('r', 'k', { a: 1 }, 10), put('r', null, 'e', 10));
    clock.now += 9999;
    expect(get('r', 'k')).toMatchObject({ version: 1 });
    clock.now += 1;
    expect(get('r', 'k')).toBeUndefined();
    expect(drain(store.snapshot(), scan('r'))).toEqual([]);
    expect(drain(store.snapshot().asOf(2), scan('r'))).toHaveLength(2);
    await run(put('r', 'k', { a: 2 }));
    expect(get('r', 'k')).toMatchObject({ version: 2, payload: { a: 2 } });
    expect(drain(store.snapshot(), history('r')).map((drop) => drop.version)).toEqual([1, 2, 1]);
  });

  test('are swept by logged records, which change no answer', async () => {
    const { run, get, clock, store, sweep, environment } = openTestStore();
    await run(
      put('r', 'k', { a: 1 }, 10),
      put('r', null, 'e', 10),
      put('r', 'stays', 1),
      add('r', 'k', ['n'], 2),
    );
    expect(await sweep()).toBe(0);
    clock.now += 10_000;
    expect(store.snapshot().statistics('r')).toMatchObject({ entities: 2, events: 1 });
    expect(await sweep()).toBe(2);
    expect(await sweep()).toBe(0);
    expect(store.snapshot().statistics('r')).toMatchObject({ entities: 1, events: 0 });
    expect(get('r', 'k')).toBeUndefined();
    expect([...environment.counters.getKeys({ start: '', end: '\xff' })]).toEqual([]);
    expect(store.log(4, 10)).toMatchObject([
      { kind: 'expire', key: 'k', payload: null },
      { kind: 'expire', key: null },
    ]);
    expect(drain(store.snapshot(), history('r'))).toHaveLength(3);
    expect(drain(store.snapshot().asOf(4), scan('r'))).toHaveLength(3);
    expect(store.admin.verify().ok).toBe(true);
  });
});

test('what nobody looks at may be left out: results of a commit, payloads of counters in the log', async () => {
  const { store, run, get, refused } = openTestStore();
  await run(put('r', 'k', { a: 1 }), add('r', 'k', ['n'], 2));
  expect(store.log(0, 10)).toMatchObject([{ payload: { a: 1 } }, { payload: { path: ['n'], value: 2 } }]);
  expect(store.log(0, 10, false)).toMatchObject([
    { tx: 1, kind: 'put', payload: { a: 1 } },
    { tx: 2, kind: 'counter', route: 'r', key: 'k', payload: null },
  ]);
  const request = { operations: [put('r', 'k', { a: 2 }), put('r', null, 1)], writer: null };
  expect(await store.commit({ ...request, wantsResults: false })).toEqual({ tx: 4, results: [] });
  expect(get('r', 'k')).toMatchObject({ version: 2, payload: { a: 2, n: 2 } });
  const broken = { operations: [put('r', 'k', 1), put('r', null, null)], writer: null, wantsResults: false };
  await expect(store.commit(broken)).rejects.toMatchObject({ diagnostic: { code: 'KEY_REQUIRED' } });
  expect(await refused(put('r', null, null))).toMatchObject({ code: 'KEY_REQUIRED' });
  expect(store.snapshot().tx).toBe(4);
});

test('a commit as large as a bulk leaves states that the next one begins from', async () => {
  const { run, get, store } = openTestStore();
  const many = Array.from({ length: 600 }, (_, i) => put('r', `k${i}`, { i }));
  await run(...many);
  await run(...many, add('r', 'k7', ['n'], 1), merge('r', 'k7', { m: 1 }));
  await run(add('r', 'k7', ['n'], 1), remove('r', 'k8'));
  expect(get('r', 'k7')).toMatchObject({ version: 3, payload: { i: 7, m: 1, n: 2 } });
  expect(get('r', 'k8')).toBe('deleted');
  expect(store.admin.verify().ok).toBe(true);
});

test('listeners hear the head of each commit once', async () => {
  const { store, run } = openTestStore();
  const heads: number[] = [];
  store.onCommit((tx) => heads.push(tx));
  await run(put('r', 'k', { a: 1 }));
  await run(put('r', 'k', { a: 2 }), put('r', 'l', { a: 3 }));
  await run(hide('r', 99));
  store.lookForCommits();
  expect(heads).toEqual([1, 3]);
});

test('names and numbers that no table could hold are refused, and do not stop their neighbours', async () => {
  const { refused, run, get } = openTestStore();
  const refusals = await Promise.all([
    refused(put('', 'k', 1)),
    refused(put('r'.repeat(513), 'k', 1)),
    refused(put('r', 'k'.repeat(257), 1)),
    refused(put('r', '\ud800', 1)),
    refused(put('r', 'k', 1, Number.NaN)),
    refused(add('r', 'k', [], 1)),
    refused(add('r', 'k', ['\ud800'], 1)),
    refused(add('r', 'k', ['x'.repeat(2000)], 1)),
    run(put('é'.repeat(512), 'é'.repeat(256), 1, 1e15)).then(() => ({ code: 'written' })),
  ]);
  expect(refusals.map(({ code }) => code)).toEqual([
    'INVALID_ROUTE',
    'INVALID_ROUTE',
    'INVALID_KEY',
    'INVALID_KEY',
    'TYPE_ERROR',
    'TYPE_ERROR',
    'TYPE_ERROR',
    'TYPE_ERROR',
    'written',
  ]);
  expect(get('é'.repeat(512), 'é'.repeat(256))).toMatchObject({ expires_at: '9999-12-31T23:59:59.999Z' });
});

test('a large payload is changed in the unit that writes it', async () => {
  const { run, get } = openTestStore();
  const text = 'x'.repeat(20_000);
  await run(put('r', 'k', { text, n: 1 }), add('r', 'k', ['n'], 2), merge('r', 'k', { m: 5 }));
  expect(get('r', 'k')).toMatchObject({ version: 2, payload: { text, n: 3, m: 5 } });
  await run(merge('r', 'k', { m: 6 }));
  expect(get('r', 'k')).toMatchObject({ version: 3, payload: { text, n: 3, m: 6 } });
});
