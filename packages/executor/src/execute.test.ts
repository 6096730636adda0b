import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '@drops/ir';
import { readViewRecord } from './definitions.js';
import type { ExecutablePlan } from './execute.js';
import {
  ascending,
  compare,
  filter,
  group,
  key,
  literal,
  page,
  payload,
  project,
  query,
  scan,
  slice,
  sort,
  aggregate,
} from './testing/relations.fixture.js';
import { asObject, keysOf, openTestStore, put, resultsOf, type TestStore } from './testing/store.fixture.js';

const span = { start: 0, end: 0 };
let store: TestStore;
beforeEach(() => {
  store = openTestStore();
});
afterEach(() => store.close());

const keyed = (route: string, name: string, more = {}) => filter(scan(route, more), compare(key, '=', name));
const failing = (code: string) => ({ diagnostic: { code } });

describe('get', () => {
  test('one entity, also in the past; 404 before it was there', async () => {
    await store.write(put('r', 'other', 0), put('r', 'a', 1), put('r', 'a', 2));
    const get = (more = {}) => store.run(query(slice(keyed('r', 'a', more), 1), 'drop'));
    expect(await get()).toMatchObject({ payload: 2, version: 2, tx: 3 });
    expect(await get({ asOf: { kind: 'Tx', tx: 2, span } })).toMatchObject({ payload: 1 });
    expect(await get({ asOf: { kind: 'Tx', tx: 99, span } })).toMatchObject({ payload: 2 });
    expect(await get({ asOf: { kind: 'Time', at: '2030-01-01', span } })).toMatchObject({ payload: 2 });
    await expect(get({ asOf: { kind: 'Tx', tx: 1, span } })).rejects.toMatchObject(failing('NOT_FOUND'));
    await expect(get({ asOf: { kind: 'Time', at: '2020-01-01', span } })).rejects.toMatchObject(
      failing('NOT_FOUND'),
    );
  });

  test('an expired entity is not found; as of judges expiry at that time', async () => {
    await store.write({ ...put('r', 'a', 1), kind: 'put', route: 'r', key: 'a', payload: 1, ttl: 10 });
    store.advance(20_000);
    const get = (more = {}) => store.run(query(slice(keyed('r', 'a', more), 1), 'drop'));
    await expect(get()).rejects.toMatchObject(failing('NOT_FOUND'));
    const at = (seconds: number) => ({
      asOf: {
        kind: 'Time',
        at: new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000).toISOString(),
        span,
      },
    });
    expect(await get(at(5))).toMatchObject({ payload: 1 });
    await expect(get(at(15))).rejects.toMatchObject(failing('NOT_FOUND'));
  });

  test('history is newest first; of an unknown key 404', async () => {
    await store.write(put('r', 'a', 1), put('r', 'a', 2), { kind: 'delete', route: 'r', key: 'a' });
    const history = (name: string, rules: boolean) =>
      store.run(query(keyed('r', name, { versions: 'history' }), 'versions'), { rules });
    for (const rules of [true, false]) {
      expect(await history('a', rules)).toMatchObject({
        versions: [{ payload: null, tx: 3 }, { payload: 2 }, { payload: 1 }],
      });
      await expect(history('b', rules)).rejects.toMatchObject(failing('NOT_FOUND'));
    }
  });
});

describe('queries', () => {
  test('count, keys, first of nothing', async () => {
    await store.write(put('r', 'b', 1), put('r', 'a', 2), put('r', null, 3));
    expect(await store.run(query(group(scan('r'), null, aggregate('count')), 'count'))).toEqual({ count: 3 });
    expect(await store.run(query(scan('r', { rows: 'entities' }), 'keys'))).toMatchObject({
      keys: ['a', 'b'],
      count: 2,
    });
    expect(await store.run(query(slice(scan('none'), 1)))).toEqual({ results: [], count: 0 });
  });

  test('nulls and missing sort last both ways, mixed types by type, ties by created_at then key', async () => {
    await store.writeAtOnce([put('r', 'z', { v: 1 }), put('r', 'y', { v: 1 }), put('r', null, { v: 1 })]);
    await store.write(
      put('r', 'a', { v: null }),
      put('r', 'b', {}),
      put('r', 'c', { v: 'x' }),
      put('r', 'd', { v: true }),
      put('r', 'e', { v: [1] }),
      put('r', 'f', { v: {} }),
      put('r', 'x', { v: 1 }),
    );
    const ordered = async (down: boolean, rules: boolean) =>
      keysOf(
        await resultsOf(store, sort(scan('r'), { expression: payload('v'), descending: down }), { rules }),
      );
    for (const rules of [true, false]) {
      expect(await ordered(false, rules)).toEqual(['d', 'y', 'z', 3, 'x', 'c', 'e', 'f', 'a', 'b']);
      expect(await ordered(true, rules)).toEqual(['f', 'e', 'c', 'y', 'z', 3, 'x', 'd', 'a', 'b']);
    }
  });

  test('access lists are no rows, and what may not be read is left out before counting', async () => {
    await store.write(
      put('r', '_access', { mode: 'shared' }),
      put('r', 'a', 1),
      put('r/x', 'b', 2),
      put('r/y', 'c', 3),
    );
    expect(keysOf(await resultsOf(store, scan('r')))).toEqual(['a']);
    expect(await resultsOf(store, keyed('r', '_access'))).toEqual([]);
    expect(await store.run(query(slice(keyed('r', '_access'), 1), 'drop'))).toMatchObject({ key: '_access' });
    const visible = (route: string) => route !== 'r/x';
    const below = scan('r', { subtree: true });
    expect(await store.run(query(group(below, null, aggregate('count')), 'count'), { visible })).toEqual({
      count: 2,
    });
  });

  test('a route that is only a prefix in letters is not below', async () => {
    await store.write(put('r', 'a', 1), put('ra', 'b', 2), put('r/x', 'c', 3));
    expect(keysOf(await resultsOf(store, scan('r', { subtree: true })))).toEqual(['a', 'c']);
  });

  test('a signal and a deadline stop the work', async () => {
    await store.write(put('r', 'a', 1));
    const stopped = failing('QUERY_TOO_COMPLEX');
    const sorted = query(sort(scan('r'), ascending(payload('v'))));
    await expect(store.run(sorted, { signal: AbortSignal.abort() })).rejects.toMatchObject(stopped);
    await expect(store.run(sorted, { deadline: Date.now() - 1 })).rejects.toMatchObject(stopped);
  });
});

describe('definitions', () => {
  const define: ExecutablePlan = {
    kind: 'DefineSchema',
    name: 'todo',
    fields: [{ name: 'title', type: 'text', required: true, array: false }],
    span,
  };
  const validate = (value: Json): ExecutablePlan => ({
    kind: 'Validate',
    schema: 'todo',
    payload: literal(value),
    span,
  });

  test('a pattern is defined, listed, checked and removed', async () => {
    expect(await store.run(define)).toEqual({ ok: true, pattern: 'todo', version: '1' });
    expect(await store.run(validate({}))).toEqual({
      valid: false,
      errors: [{ field: 'title', message: 'title is required' }],
    });
    expect(await store.run(validate({ title: 'x' }))).toEqual({ valid: true, errors: [] });
    expect(await store.run({ kind: 'Inspect', target: { what: 'patterns' }, span })).toMatchObject({
      patterns: [{ name: 'todo', version: '1' }],
      count: 1,
    });
    await expect(
      store.run({
        kind: 'Put',
        route: 'todo',
        key: 'a',
        payload: literal({}),
        mode: 'replace',
        open: false,
        span,
      }),
    ).rejects.toMatchObject(failing('SCHEMA_VIOLATION'));
    expect(await store.run({ kind: 'Undefine', name: 'todo', span })).toMatchObject({ ok: true, removed: 1 });
    await expect(store.run({ kind: 'Undefine', name: 'todo', span })).rejects.toMatchObject(
      failing('NOT_FOUND'),
    );
    await expect(store.run(validate({}))).rejects.toMatchObject(failing('NOT_FOUND'));
  });

  test('a view is kept as its relation and belongs to its first writer', async () => {
    const relation = filter(scan('users'), compare(payload('age'), '>', 3));
    const view: ExecutablePlan = { kind: 'DefineView', name: 'adults', relation, span };
    const owner = 'A'.repeat(43);
    expect(await store.run(view, { writer: owner })).toEqual({ ok: true, view: 'adults' });
    const record = store.store.snapshot().definitions.views.get('adults');
    expect(record && readViewRecord(record)).toEqual(relation);
    await expect(store.run(view, { writer: 'B'.repeat(43) })).rejects.toMatchObject(failing('FORBIDDEN'));
    expect(await store.run(view)).toMatchObject({ ok: true });
    expect(await store.run({ kind: 'Undefine', name: 'adults', span }, { writer: owner })).toMatchObject({
      removed: 1,
    });
    expect(readViewRecord({ relation: 'none' })).toBeUndefined();
  });

  test('status and context tell what is there', async () => {
    await store.run(define);
    await store.write(
      put('todo', 'a', { title: 'x', n: 1 }),
      put('todo', 'b', { title: 'y' }),
      put('gone', 'a', 1),
      { kind: 'delete', route: 'gone', key: 'a' },
    );
    expect(await store.run({ kind: 'Inspect', target: { what: 'route', route: 'todo' }, span })).toEqual({
      route: 'todo',
      count: 2,
      indexes: [],
      pattern: 'todo',
    });
    expect(await store.run({ kind: 'Inspect', target: { what: 'context' }, span })).toEqual({
      routes: [{ route: 'todo', count: 2, fields: ['title', 'n'] }],
      views: [],
      patterns: ['todo'],
    });
  });
});

describe('explain', () => {
  const relation = project(
    page(sort(filter(scan('r'), compare(payload('a'), '>', 1)), ascending(payload('a'))), 2),
    false,
    payload('a'),
  );

  test('draws the operators and runs nothing', async () => {
    await store.write(put('r', 'a', { a: 1 }), put('r', 'b', { a: 2 }), put('r', 'c', { a: 3 }));
    const explain = async () =>
      asObject(await store.run({ kind: 'Explain', mode: 'plan', plan: query(relation), span }));
    // The first plan asks for a sample and does not wait for it.
    await explain();
    await store.store.admin.samplesSettled();
    const reply = await explain();
    expect(reply['text']).toMatchInlineSnapshot(`
      "Project columns=a (~2 rows)
      └─ Page limit=2 (~2 rows)
         └─ TopN keys=a count=3 (~2 rows)
            └─ Filter predicate=a > 1 (~2 rows) — no index on r.a: define r index a
               └─ RouteScan route=r (~3 rows)"
    `);
    expect(reply['plan']).toMatchObject({
      op: 'Project',
      rows_estimated: 2,
      children: [{ op: 'Page', children: [{ op: 'TopN' }] }],
    });
    const write = { kind: 'ForEach', input: relation, effect: { kind: 'RemoveEach', span }, span } as const;
    expect(await store.run({ kind: 'Explain', mode: 'plan', plan: write, span })).toMatchObject({
      plan: { op: 'RemoveEach', children: [{ op: 'Project' }] },
    });
    expect(await resultsOf(store, scan('r'))).toHaveLength(3);
  });

  test('analyze runs a query and tells rows and time', async () => {
    await store.write(put('r', 'a', { a: 1 }), put('r', 'b', { a: 2 }));
    const reply = asObject(
      await store.run({ kind: 'Explain', mode: 'analyze', plan: query(relation), span }),
    );
    expect(reply['plan']).toMatchObject({
      op: 'Project',
      rows_actual: 1,
      time_ms: expect.any(Number),
      // Both rows, and no plan is made while it is counted.
      keys_read: 2,
      bytes_read: expect.any(Number),
      children: [{ rows_actual: 1 }],
    });
    expect(Number(asObject(reply['plan'])['bytes_read'])).toBeGreaterThan(80);
    const write = { kind: 'Delete', route: 'r', key: 'a', span } as const;
    await expect(store.run({ kind: 'Explain', mode: 'analyze', plan: write, span })).rejects.toMatchObject(
      failing('TYPE_ERROR'),
    );
  });
});
