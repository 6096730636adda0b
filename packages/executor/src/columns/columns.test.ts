import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Json, JsonObject, Relation } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { withPlainColumns, type HandleCount } from '../testing/columns.fixture.js';
import { arbitraryClauses, arbitraryRelation } from '../testing/relations.arbitrary.js';
import {
  aggregate,
  compare,
  descending,
  field,
  filter,
  group,
  joinOn,
  key,
  page,
  payload,
  query,
  scan,
  slice,
  sort,
} from '../testing/relations.fixture.js';
import {
  asObject,
  openTestStore,
  put,
  resultsOf,
  type RunOptions,
  type TestStore,
} from '../testing/store.fixture.js';

let store: TestStore;
const handles: HandleCount = { taken: 0, released: 0 };
const byColumns: RunOptions = {
  seen: (snapshot) => withPlainColumns(snapshot, handles),
  columns: 'always',
};
const sorted: RunOptions = {
  seen: (snapshot) => withPlainColumns(snapshot, handles, false),
  columns: 'always',
};

/** Tenths whose sum depends on their order, with some that swallow the others. */
const fractions = [0.1, 0.2, 0.3, 1e16, -1e16, 0.7];
const words = ['k1', 'k2', 'k3', 'x', 'xy', 'lost'];

beforeAll(async () => {
  store = openTestStore();
  for (let i = 0; i < 50; i += 1) {
    // Every field is of one kind, as in most routes: other loops than those of mixed ones.
    const payloads = {
      a: i % 11,
      b: words[i % words.length] ?? '',
      c: fractions[(i * 5) % fractions.length] ?? 0,
    };
    await store.writeAtOnce([
      put('l', `m${(i * 29) % 50}`, payloads),
      put('r', `k${i % 5}`, payloads),
      ...(i % 9 === 0 ? [put('l', null, payloads)] : []),
    ]);
  }
  await store.write(
    put('l', '_access', { a: 1, b: 'k1', c: 1000 }),
    put('r', '_access', { a: 1, b: 'k1', c: 1000 }),
    put('l', 'refers', { a: 1, b: '_access', c: 0.1 }),
    { kind: 'increment', route: 'l', key: 'm4', path: ['a'], delta: 40 },
    { kind: 'delete', route: 'l', key: 'm7' },
    { kind: 'delete', route: 'r', key: 'k3' },
  );
});
afterAll(() => store.close());

test.each<[string, RunOptions]>([
  ['in order', sorted],
  ['scattered', byColumns],
  ['as the store has them', { columns: 'always' }],
])('columns of one kind give the same rows bit by bit: rows %s', async (_name, options) => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(arbitraryRelation, arbitraryClauses), async (relation) => {
      expect(await resultsOf(store, relation, options)).toEqual(
        await resultsOf(store, relation, { columns: 'never', rules: false }),
      );
    }),
    { numRuns: 500 },
  );
});

test('no column is held on to', () => {
  expect(handles.taken).toBeGreaterThan(100);
  expect(handles.released).toBe(handles.taken);
});

const joined = (join: 'left' | 'inner'): Relation =>
  joinOn(scan('l'), scan('r'), [payload('b'), field('joined', 'key')], join);

test.each(['left', 'inner'] as const)(
  '%s joins by key: what has no match, and access lists match nothing',
  async (join) => {
    const grouped = group(
      joined(join),
      [field('joined', 'key')],
      aggregate('count'),
      aggregate('sum', field('joined', 'c')),
    );
    const rows = await resultsOf(store, grouped, byColumns);
    expect(rows).toEqual(await resultsOf(store, grouped, { columns: 'never' }));
    expect(rows.map((row) => row['joined.key'] ?? row['key'] ?? null)).toEqual(
      join === 'left' ? ['k1', 'k2', null] : ['k1', 'k2'],
    );
    const top = slice(sort(joined(join), descending(field('either', 'c'))), 7);
    expect(await resultsOf(store, top, byColumns)).toEqual(await resultsOf(store, top, { columns: 'never' }));
  },
);

test('routes that may not be read give nothing', async () => {
  const some = [
    scan('l'),
    filter(scan('l'), compare(payload('a'), '>', 2)),
    group(scan('l'), null, aggregate('count')),
    joined('left'),
  ];
  for (const hidden of ['l', 'r']) {
    const visible = (route: string) => route !== hidden;
    for (const relation of some) {
      expect(await resultsOf(store, relation, { ...byColumns, visible })).toEqual(
        await resultsOf(store, relation, { columns: 'never', visible }),
      );
    }
  }
});

test('a store that has no columns at hand is read row by row', async () => {
  let asked = 0;
  const seen = (snapshot: Snapshot): Snapshot =>
    Object.assign(Object.create(snapshot), {
      columns: () => {
        asked += 1;
        return undefined;
      },
    });
  for (const relation of [
    group(scan('l'), [payload('a')], aggregate('sum', payload('c'))),
    joined('inner'),
  ]) {
    expect(await resultsOf(store, relation, { seen, columns: 'always' })).toEqual(
      await resultsOf(store, relation, { columns: 'never' }),
    );
  }
  expect(asked).toBe(2);
});

async function pagesOf(
  ask: (after: string | undefined) => Relation,
  options: RunOptions,
): Promise<readonly Json[]> {
  const rows: Json[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 50; pages += 1) {
    const reply: JsonObject = asObject(await store.run(query(ask(after)), options));
    rows.push(...(Array.isArray(reply['results']) ? reply['results'] : []));
    if (typeof reply['cursor'] !== 'string') return rows;
    after = reply['cursor'];
  }
  throw new Error('more pages than rows');
}

describe('pages', () => {
  test.each<[string, Relation]>([
    ['of the route', filter(scan('l'), compare(payload('a'), '<', 9))],
    ['of a sort', sort(scan('l'), descending(payload('c')))],
    ['of groups', group(scan('l'), [payload('a'), payload('b')], aggregate('count'))],
    ['of a join', joined('left')],
  ])('%s hold all rows once', async (_name, relation) => {
    const all = await resultsOf(store, relation, { columns: 'never' });
    expect(await pagesOf((after) => page(relation, 7, after), byColumns)).toEqual(all);
  });
});

test('a deadline stops a query over columns', async () => {
  await expect(
    store.run(query(group(scan('l'), null, aggregate('count'))), { ...byColumns, deadline: 1 }),
  ).rejects.toMatchObject({ diagnostic: { code: 'QUERY_TOO_COMPLEX' } });
});

test('explain names the columns, and the rows only when they had to be read', async () => {
  const plan = query(
    group(filter(scan('l'), compare(key, '>', 'm1')), [payload('b')], aggregate('sum', payload('c'))),
  );
  const explain = async (options: RunOptions) =>
    asObject(
      await store.run({ kind: 'Explain', mode: 'analyze', plan, span: { start: 0, end: 0 } }, options),
    )['text'];
  expect(await explain(byColumns)).toMatch(
    /ColumnGroup route=l columns=\["key","b","c"\] predicate=key > "m1"/,
  );
  expect(await explain(byColumns)).not.toContain('RouteScan');
  const without = (snapshot: Snapshot): Snapshot =>
    Object.assign(Object.create(snapshot), { columns: () => undefined });
  expect(await explain({ seen: without, columns: 'always' })).toMatch(
    /ColumnGroup[\s\S]*Group[\s\S]*RouteScan/,
  );
});

test('what a join found by key is found anew when an entity comes, goes or expires', async () => {
  const other = openTestStore();
  try {
    const relation = group(
      joinOn(scan('l'), scan('r'), [payload('b'), field('joined', 'key')]),
      [field('joined', 'c')],
      aggregate('count'),
    );
    const agree = async () => {
      // The second time finds what the first one kept.
      for (let run = 0; run < 2; run += 1) {
        expect(await resultsOf(other, relation, { columns: 'always' })).toEqual(
          await resultsOf(other, relation, { columns: 'never', rules: false }),
        );
      }
    };
    await other.write(...['x', 'y', 'z', 'x'].map((b, i) => put('l', `l${i}`, { b })));
    await other.write(put('r', 'x', { c: 1 }), put('r', 'y', { c: 2 }));
    await agree();
    await other.write(put('r', 'a', { c: 3 }), put('r', 'z', { c: 4 }));
    await agree();
    await other.write({ kind: 'delete', route: 'r', key: 'x' }, put('l', 'more', { b: 'new' }));
    await agree();
    await other.write(put('r', 'x', { c: 5 }), put('r', 'y', { c: 6 }), put('r', 'new', { c: 7 }));
    await agree();
    await other.write({ kind: 'put', route: 'r', key: 'z', payload: { c: 8 }, ttl: 10 });
    await agree();
    other.advance(20_000);
    await agree();
  } finally {
    await other.close();
  }
});
