import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { rowShape, type Json, type JsonObject, type Relation } from '@drops/ir';
import { streamQuery } from './stream-query.js';
import { arbitraryClauses } from './testing/relations.arbitrary.js';
import { arbitraryPayload } from './testing/steps.arbitrary.js';
import {
  aggregate,
  ascending,
  compare,
  descending,
  filter,
  group,
  key,
  page,
  payload,
  project,
  query,
  scan,
  slice,
  sort,
} from './testing/relations.fixture.js';
import { asObject, keysOf, openTestStore, put, resultsOf, type TestStore } from './testing/store.fixture.js';

let store: TestStore;

beforeAll(async () => {
  store = openTestStore();
  const payloads = fc.sample(arbitraryPayload, { seed: 11, numRuns: 40 });
  for (const [i, value] of payloads.entries()) {
    const name = i % 3 === 0 ? 'r' : 'l';
    await store.writeAtOnce([
      put(name, i % 4 === 0 ? null : `k${(i * 7) % 29}`, value),
      put(name, `m${i}`, value),
    ]);
  }
  await store.write(
    put('tree', 'a', 1),
    put('tree/x', 'a', 2),
    put('tree/x', null, 3),
    put('tree', null, 4),
    put('tree/y', 'b', 5),
  );
});
afterAll(() => store.close());

/** All pages of a query one after the other; `ask` makes the query of the next one. */
async function walk(
  ask: (after: string | undefined) => Relation,
  more: { rules?: boolean; limits?: { rows: number } } = {},
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 300; pages += 1) {
    const reply = asObject(await store.run(query(ask(after)), more));
    const { results, count, has_more: hasMore, cursor } = reply;
    if (!Array.isArray(results)) throw new Error('no results');
    expect(count).toBe(results.length);
    all.push(...results.map(asObject));
    if (hasMore !== true) {
      expect(reply).not.toHaveProperty('cursor');
      return all;
    }
    after = String(cursor);
  }
  throw new Error('the pages do not end');
}

test('pages follow each other without gap or duplicate, whatever the order', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryClauses,
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (clauses, limit, rules) => {
        const whole = await resultsOf(store, clauses);
        expect(await walk((after) => page(clauses, limit, after), { rules })).toEqual(whole);
      },
    ),
    { numRuns: 150 },
  );
});

test('pages hold through pipes after the clauses', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryClauses, fc.integer({ min: 1, max: 9 }), async (clauses, limit) => {
      if (rowShape(clauses) !== 'drop') return;
      const piped = (input: Relation) =>
        project(filter(input, compare(payload('a'), '!=', 2)), false, payload('a'), key);
      const whole = await resultsOf(store, piped(clauses));
      expect(await walk((after) => piped(page(clauses, limit, after)))).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test('the cap pages a query that names no limit, and its cursor goes on with the same query', async () => {
  const pipes: ((input: Relation) => Relation)[] = [
    (input) => input,
    (input) => project(input, true),
    (input) =>
      filter(project(input, false, payload('a')), compare({ ...payload('a'), scope: 'column' }, '!=', 1)),
    (input) => sort(input, descending(payload('a')), ascending(payload('b'))),
    (input) => filter(input, compare(payload('a'), '!=', 10)),
    (input) => project(sort(input, ascending(payload('b'))), false, key),
  ];
  for (const pipe of pipes) {
    const whole = await resultsOf(store, pipe(scan('l')));
    const ask = (after: string | undefined) =>
      pipe(after === undefined ? scan('l') : page(scan('l'), undefined, after));
    for (const rules of [true, false]) {
      expect(await walk(ask, { limits: { rows: 4 }, rules })).toEqual(whole);
    }
  }
});

describe('has_more and the cursor', () => {
  const limited = (limit: number) => store.run(query(page(scan('tree'), limit)));

  test('come only when another row exists', async () => {
    expect(await limited(1)).toMatchObject({ count: 1, has_more: true });
    expect(await limited(2)).not.toHaveProperty('has_more');
  });

  test('come for limit 0 too, and then go on from the start', async () => {
    const { cursor, ...reply } = asObject(await limited(0));
    expect(reply).toEqual({ results: [], count: 0, has_more: true });
    expect(keysOf(await resultsOf(store, page(scan('tree'), 5, String(cursor))))).toHaveLength(2);
  });

  test('do not come for pipes that limit', async () => {
    expect(await store.run(query(slice(scan('l'), 3)))).not.toHaveProperty('cursor');
    expect(await store.run(query(slice(page(scan('l'), 10), 3)))).not.toHaveProperty('cursor');
    expect(await store.run(query(slice(scan('l'), 9)), { limits: { rows: 4 } })).toMatchObject({ count: 9 });
  });

  test('come for keys, versions and groups as well', async () => {
    const limits = { rows: 2 };
    expect(await store.run(query(scan('l', { rows: 'entities' }), 'keys'), { limits })).toMatchObject({
      count: 2,
      has_more: true,
    });
    expect(
      await store.run(query(group(scan('l'), [payload('a')], aggregate('count'))), { limits }),
    ).toMatchObject({ count: 2, has_more: true });
    for (const value of [1, 2, 3]) await store.write(put('versions', 'k', value));
    const history = filter(scan('versions', { versions: 'history' }), compare(key, '=', 'k'));
    for (const rules of [true, false]) {
      const reply = asObject(await store.run(query(history, 'versions'), { limits, rules }));
      expect(reply).toMatchObject({ versions: [{ payload: 3 }, { payload: 2 }], has_more: true });
    }
  });

  test('a skip counts once: the cursor stands after it', async () => {
    const first = asObject(await store.run(query(page(scan('l'), 3, undefined, 2))));
    const next = await resultsOf(store, page(scan('l'), 3, String(first['cursor']), 2));
    expect(next).toEqual((await resultsOf(store, scan('l'))).slice(5, 8));
  });
});

describe('order without a sort', () => {
  test('below a route: entities by route and key, then events by tx', async () => {
    const tree = scan('tree', { subtree: true });
    const payloads = (await resultsOf(store, tree)).map((row) => row['payload']);
    expect(payloads).toEqual([1, 2, 5, 3, 4]);
    expect((await walk((after) => page(tree, 1, after))).map((row) => row['payload'])).toEqual(payloads);
  });

  test('history: by key, then tx', async () => {
    await store.write(put('h', 'b', 1), put('h', 'a', 2), put('h', 'b', 3), put('h', null, 4), {
      kind: 'delete',
      route: 'h',
      key: 'a',
    });
    const history = scan('h', { versions: 'history' });
    const expected = [2, null, 1, 3, 4];
    expect((await resultsOf(store, history)).map((row) => row['payload'])).toEqual(expected);
    for (const rules of [true, false]) {
      expect(
        (await walk((after) => page(history, 2, after), { rules })).map((row) => row['payload']),
      ).toEqual(expected);
    }
  });
});

describe('bad cursors', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['text', 'nonsense'],
    ['empty', ''],
    ['not of this alphabet', 'a+b='],
    ['another form', Buffer.from('{"a":1}').toString('base64url')],
  ];
  test.each(bad)('%s', async (_name, after) => {
    await expect(store.run(query(page(scan('l'), 2, after)))).rejects.toMatchObject({
      diagnostic: { code: 'INVALID_CURSOR', status: 400 },
    });
  });

  test('of another query', async () => {
    const { cursor } = asObject(await store.run(query(page(scan('l'), 2))));
    const other = [
      scan('r'),
      sort(scan('l'), ascending(payload('a'))),
      filter(scan('l'), compare(payload('a'), '=', 1)),
    ];
    for (const relation of other) {
      await expect(store.run(query(page(relation, 2, String(cursor))))).rejects.toMatchObject({
        diagnostic: { code: 'INVALID_CURSOR' },
      });
    }
  });
});

test('a stream has no cap, honours a limit and goes on from a cursor', async () => {
  const snapshot = store.store.snapshot();
  const read = async (relation: Relation): Promise<readonly Json[]> => {
    const rows: Json[] = [];
    for await (const row of streamQuery(query(relation), {
      store: store.store,
      snapshot,
      writer: null,
      limits: { rows: 2 },
    }))
      rows.push(row);
    return rows;
  };
  const whole = await resultsOf(store, scan('l'));
  expect(await read(scan('l'))).toEqual(whole);
  expect(await read(page(scan('l'), 3))).toEqual(whole.slice(0, 3));
  const { cursor } = asObject(await store.run(query(page(scan('l'), 3))));
  expect(await read(page(scan('l'), undefined, String(cursor)))).toEqual(whole.slice(3));
  snapshot.release();
});
