import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Delete, ForEach, Increment, Json, Put, Relation, RowEffect, WriteOperation } from '@drops/ir';
import type { Operation } from '@drops/store';
import { evaluateCalls } from '../each-row.js';
import { isExecutable, type ExecutablePlan } from '../execute.js';
import {
  aggregate,
  compare,
  field,
  filter,
  first,
  group,
  joinOn,
  key,
  literal,
  payload,
  project,
  query,
  scan,
  slice,
} from '../testing/relations.fixture.js';
import { asObject, keysOf, openTestStore, put, resultsOf, type TestStore } from '../testing/store.fixture.js';

const span = { start: 3, end: 9 };
let store: TestStore;
beforeEach(() => {
  store = openTestStore();
});
afterEach(() => store.close());

function save(key: string | undefined, value: Json, more: Partial<Put> = {}): Put {
  return {
    kind: 'Put',
    route: 'r',
    ...(key !== undefined && { key }),
    payload: literal(value),
    mode: key === undefined ? 'append' : 'replace',
    open: false,
    span,
    ...more,
  };
}
const remove = (key: string): Delete => ({ kind: 'Delete', route: 'r', key, span });
const add = (key: string, delta: number, negative = false): Increment => ({
  kind: 'Increment',
  route: 'r',
  key,
  path: ['n'],
  delta,
  negative,
  span,
});
const bulk = (...operations: readonly WriteOperation[]): ExecutablePlan => ({
  kind: 'Batch',
  operations,
  span,
});
const get = (name: string) => store.run(query(slice(filter(scan('r'), compare(key, '=', name)), 1), 'drop'));

type StoreEffect = Exclude<RowEffect, { readonly kind: 'InvokeEach' }>;
const forEach = (input: Relation, effect: StoreEffect) =>
  ({ kind: 'ForEach', input, effect, span }) satisfies ForEach;
const removeEach = (input: Relation) => forEach(input, { kind: 'RemoveEach', span });

describe('one write', () => {
  test('a save answers the drop without its payload', async () => {
    const reply = asObject(await store.run(save('a', { x: 1 }, { price: 5, ttl: 60 })));
    expect(reply).toMatchObject({ route: 'r', key: 'a', source: null, version: 1, tx: 1, price: 5 });
    expect(reply).not.toHaveProperty('payload');
    expect(reply).toHaveProperty('expires_at');
  });

  test('a payload of values and computations is evaluated', async () => {
    const computed = {
      kind: 'Object',
      span,
      members: [
        { name: '__proto__', value: literal(1) },
        { name: 'l', value: { kind: 'List', items: [literal(2)], span } },
      ],
    } as const;
    await store.run(save('a', null, { payload: computed }));
    expect(JSON.stringify(asObject(await get('a'))['payload'])).toBe('{"__proto__":1,"l":[2]}');
  });

  test('update merges, null removes a field; without an entity it is 404', async () => {
    await store.run(save('a', { x: 1, y: 2 }));
    await store.run(save('a', { x: null, z: 3 }, { mode: 'merge' }));
    expect(await get('a')).toMatchObject({ payload: { y: 2, z: 3 }, version: 2 });
    await expect(store.run(save('b', { x: 1 }, { mode: 'merge' }))).rejects.toMatchObject({
      diagnostic: { code: 'NOT_FOUND', span },
    });
  });

  test('remove answers how many, and a second one is 404; a save of null does the same', async () => {
    await store.run(save('a', 1));
    expect(await store.run(remove('a'))).toEqual({ ok: true, removed: 1 });
    await expect(store.run(remove('a'))).rejects.toMatchObject({ diagnostic: { code: 'NOT_FOUND', span } });
    await expect(get('a')).rejects.toMatchObject({ diagnostic: { code: 'DELETED' } });
    await store.run(save('b', 1));
    expect(await store.run(save('b', null))).toEqual({ ok: true, removed: 1 });
    await expect(store.run(save(undefined, null))).rejects.toMatchObject({
      diagnostic: { code: 'KEY_REQUIRED' },
    });
  });

  test('add and subtract answer the new value', async () => {
    expect(await store.run(add('a', 5))).toEqual({ route: 'r', key: 'a', field: 'n', value: 5 });
    expect(await store.run(add('a', 2, true))).toMatchObject({ value: 3 });
    expect(await get('a')).toMatchObject({ payload: { n: 3 }, version: 1 });
  });

  test('conditions that fail are conflicts and write nothing', async () => {
    await store.run(save('a', 1, { condition: { kind: 'IfAbsent', span } }));
    for (const condition of [
      { kind: 'IfAbsent', span },
      { kind: 'IfVersion', version: 7, span },
    ] as const) {
      await expect(store.run(save('a', 2, { condition }))).rejects.toMatchObject({
        diagnostic: { code: 'CONFLICT', status: 409 },
      });
    }
    expect(
      await store.run(save('a', 3, { condition: { kind: 'IfVersion', version: 1, span } })),
    ).toMatchObject({ version: 2 });
  });
});

describe('bulk', () => {
  test('operations see earlier ones; each answers in its place', async () => {
    const reply = asObject(
      await store.run(bulk(save('a', { n: 1 }), add('a', 3), save(undefined, 'e'), remove('a'))),
    );
    expect(reply).toMatchObject({
      ok: true,
      count: 4,
      tx: 4,
      drops: [{ key: 'a', tx: 1 }, { field: 'n', value: 4 }, { key: null }, { ok: true, removed: 1 }],
    });
  });

  test('a failure refuses all and names the operation', async () => {
    const late = { ...remove('none'), span: { start: 20, end: 30 } };
    await expect(store.run(bulk(save('a', 1), late))).rejects.toMatchObject({
      diagnostic: { code: 'NOT_FOUND', status: 404, span: late.span, details: [{ index: 1 }] },
    });
    await expect(store.run(bulk(late))).rejects.toMatchObject({ diagnostic: { details: [{ index: 0 }] } });
    expect(await resultsOf(store, scan('r'))).toEqual([]);
  });
});

describe('pipes that act', () => {
  beforeEach(() =>
    store.write(
      put('r', 'a', { n: 1 }),
      put('r', 'b', { n: 2 }),
      put('r', null, { n: 3 }),
      put('r', 'c', 'text'),
    ),
  );

  test('remove takes entities and hides events; nothing to remove is 0', async () => {
    expect(await store.run(removeEach(filter(scan('r'), compare(payload('n'), '>=', 2))))).toEqual({
      ok: true,
      removed: 2,
    });
    expect(keysOf(await resultsOf(store, scan('r')))).toEqual(['a', 'c']);
    expect(await store.run(removeEach(filter(scan('r'), compare(payload('n'), '>=', 2))))).toEqual({
      ok: true,
      removed: 0,
    });
    expect(await resultsOf(store, scan('r', { versions: 'history' }))).toHaveLength(6);
  });

  test('remove after a join takes each drop once', async () => {
    await store.write(put('s', null, { n: 1 }), put('s', null, { n: 1 }));
    const pairs = joinOn(scan('r'), scan('s'), [payload('n'), field('joined', 'n')], 'inner');
    expect(await store.run(removeEach(pairs))).toEqual({ ok: true, removed: 1 });
  });

  test('remove starts again when a row changed in between', async () => {
    let interfered = 0;
    const overtaken = {
      ...store.store,
      async commit(request: { readonly operations: readonly Operation[]; readonly writer: string | null }) {
        if (interfered < 2) {
          interfered += 1;
          await store.store.commit({ operations: [put('r', 'a', { n: 10 + interfered })], writer: null });
        }
        return store.store.commit(request);
      },
    };
    expect(await store.run(removeEach(scan('r')), { store: overtaken })).toEqual({ ok: true, removed: 4 });
    expect(await resultsOf(store, scan('r'))).toEqual([]);
  });

  test('save into a route keeps payload and key, one drop a row', async () => {
    const reply = asObject(await store.run(forEach(scan('r'), { kind: 'SaveEach', route: 's', span })));
    expect(reply).toMatchObject({
      ok: true,
      count: 4,
      tx: 8,
      drops: [{ route: 's', key: 'a' }, { key: 'b' }, { key: 'c' }, { key: null }],
    });
    expect((await resultsOf(store, scan('s'))).map((r) => r['payload'])).toEqual([
      { n: 1 },
      { n: 2 },
      'text',
      { n: 3 },
    ]);
    expect(await store.run(forEach(scan('none'), { kind: 'SaveEach', route: 's', span }))).toEqual({
      ok: true,
      count: 0,
      drops: [],
      tx: 8,
    });
  });

  test('save of picked and grouped rows stores their columns', async () => {
    await store.run(forEach(project(scan('r'), false, payload('n')), { kind: 'SaveEach', route: 's', span }));
    expect((await resultsOf(store, scan('s'))).map((r) => [r['key'], r['payload']])).toEqual([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
      ['c', { n: null }],
      [null, { n: 3 }],
    ]);
    await store.run(
      forEach(group(scan('r'), null, aggregate('count')), { kind: 'SaveEach', route: 't', span }),
    );
    expect((await resultsOf(store, scan('t'))).map((r) => [r['key'], r['payload']])).toEqual([
      [null, { count: 4 }],
    ]);
  });

  test('save with a key stores the array of flat rows, after first the one object', async () => {
    const all = { kind: 'SaveAll', route: 'r', key: 'snap', span } as const;
    expect(await store.run(forEach(scan('r'), all))).toMatchObject({ key: 'snap', version: 1 });
    expect(await get('snap')).toMatchObject({
      payload: [
        { n: 1, key: 'a' },
        { n: 2, key: 'b' },
        { payload: 'text', key: 'c' },
        { n: 3, key: null },
      ],
    });
    await store.run(forEach(first(scan('r')), all));
    expect(await get('snap')).toMatchObject({ payload: { n: 1, key: 'a' } });
    await store.run(forEach(first(scan('none')), all));
    expect(await get('snap')).toMatchObject({ payload: [] });
  });

  test('the arguments of a call are evaluated for each row', async () => {
    const effect = {
      kind: 'InvokeEach',
      service: 'mail',
      verb: 'send',
      arguments: [{ name: 'to', value: payload('n') }],
      span,
    } as const;
    const plan = {
      kind: 'ForEach',
      input: filter(scan('r'), compare(payload('n'), '=', 1)),
      effect,
      span,
    } as const;
    expect(isExecutable(plan)).toBe(false);
    const snapshot = store.store.snapshot();
    const calls = await evaluateCalls(plan, { store: store.store, snapshot, writer: null });
    snapshot.release();
    expect(calls).toEqual([{ arguments: { to: 1 }, row: { n: 1, key: 'a' } }]);
  });
});
