import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  indexRecord,
  type Expression,
  type Json,
  type JsonObject,
  type Relation,
  type StoredDrop,
} from '@drops/ir';
import { copyStore, openLmdbStore, openStore, type Store } from '@drops/store';
import { missingPostgres, newSchema } from '@drops/store/test-schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionContext } from '../context.js';
import { execute } from '../execute.js';
import { oracleResults, type Drops } from '../testing/oracle.fixture.js';
import { arbitraryClauses, arbitraryRelation } from '../testing/relations.arbitrary.js';
import { arbitraryPayload } from '../testing/steps.arbitrary.js';
import {
  arbitraryAggregated,
  arbitraryCounted,
  arbitraryIndexed,
  arbitraryPicked,
} from '../testing/indexed.arbitrary.js';
import {
  arbitraryChosenGroups,
  arbitraryFirstPairs,
  arbitraryGroupedPairs,
} from '../testing/pairs.arbitrary.js';
import { arbitraryComputed, arbitraryOddPayload } from '../testing/computed.arbitrary.js';
import {
  aggregate,
  and,
  column,
  compare,
  descending,
  exists,
  field,
  filter,
  group,
  isIn,
  joinOn,
  literal,
  payload,
  query,
  scan,
  slice,
  sort,
} from '../testing/relations.fixture.js';
import { asObject, put } from '../testing/store.fixture.js';

const span = { start: 0, end: 0 };
const place = newSchema();
const { data } = place;
const folder = mkdtempSync(join(tmpdir(), 'drops-remote-'));

/** The same drops as they are in a folder: ids and times too. */
async function fill(): Promise<Drops> {
  const path = join(folder, 'data');
  let now = Date.parse('2026-01-01T00:00:00Z');
  const store = openLmdbStore({ path, clock: () => now, durability: 'relaxed' });
  for (const [i, payload] of fc.sample(arbitraryPayload, { seed: 7, numRuns: 60 }).entries()) {
    now += 1;
    const route = i % 3 === 0 ? 'r' : 'l';
    const key = i % 7 === 0 ? null : `k${(i * 17) % 41}`;
    const operations = [put(route, key, payload), put(route, i % 5 === 0 ? null : `m${i}`, payload)];
    await store.commit({ operations, writer: null });
  }
  for (const [i, payload] of fc.sample(arbitraryOddPayload, { seed: 11, numRuns: 60 }).entries()) {
    now += 86_400_000;
    await store.commit({ operations: [put('o', i % 4 === 0 ? null : `o${i}`, payload)], writer: null });
  }
  const snapshot = store.snapshot();
  const readAll = (route: string): readonly StoredDrop[] => {
    const found: StoredDrop[] = [];
    const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
    for (let batch = source?.next(); batch && !(batch instanceof Promise); batch = source?.next())
      found.push(...batch);
    return found;
  };
  const all = new Map(['l', 'r', 'o'].map((route) => [route, readAll(route)]));
  snapshot.release();
  await store.close();
  await copyStore(path, data);
  return (route) => all.get(route) ?? [];
}

const missing = await missingPostgres();

describe.skipIf(missing !== undefined)('a store in PostgreSQL', () => {
  let store: Store;
  let drops: Drops;
  beforeAll(async () => {
    drops = await fill();
    store = await openStore({ path: data, durability: 'relaxed' });
  });
  afterAll(async () => {
    await store?.close();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const onRemote = async (
    run: (context: Parameters<typeof execute>[1]) => Json | Promise<Json>,
  ): Promise<Json> => {
    const snapshot = await store.snapshot();
    try {
      return await run({ store, snapshot, writer: null });
    } finally {
      snapshot.release();
    }
  };
  const rowsOf = async (
    relation: Relation,
    more: Pick<ExecutionContext, 'rules' | 'visible'> = {},
  ): Promise<readonly JsonObject[]> => {
    const { results } = asObject(
      await onRemote((context) => execute(query(relation), { ...context, ...more })),
    );
    return Array.isArray(results) ? results.map(asObject) : [];
  };
  const explain = async (relation: Relation): Promise<string> => {
    const plan = {
      kind: 'Explain',
      mode: 'plan',
      plan: query(relation),
      span: { start: 0, end: 0 },
    } as const;
    return String(asObject(await onRemote((context) => execute(plan, context)))['text']);
  };

  /** What the parts are that the store does, by their operator and their SQL. */
  const remoteOps = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => {
      if (!line.includes('remote=')) return [];
      const op = /[A-Z]\w+/.exec(line)?.[0] ?? '';
      const parts = [
        ...(line.includes(' JOIN ') ? ['Join'] : []),
        ...(line.includes('"joined".*') ? [`${op} of pairs`] : []),
        ...(line.includes('"groups"') ? [`${op} of groups`] : []),
      ];
      return parts.length > 0 ? parts : [op];
    });

  test('gives the rows of random queries by their plain meaning, whoever filters, sorts, cuts and counts them', async () => {
    const remote = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          { weight: 1, arbitrary: arbitraryRelation },
          { weight: 1, arbitrary: arbitraryClauses },
          { weight: 1, arbitrary: arbitraryCounted() },
          { weight: 1, arbitrary: arbitraryIndexed() },
          { weight: 1, arbitrary: arbitraryAggregated() },
          { weight: 1, arbitrary: arbitraryPicked() },
          { weight: 1, arbitrary: arbitraryGroupedPairs() },
          { weight: 2, arbitrary: arbitraryFirstPairs() },
          { weight: 1, arbitrary: arbitraryChosenGroups() },
        ),
        async (relation) => {
          const expected = oracleResults(relation, drops);
          expect(await rowsOf(relation)).toEqual(expected);
          expect(await rowsOf(relation, { rules: false })).toEqual(expected);
          for (const op of remoteOps(await explain(relation))) remote.set(op, (remote.get(op) ?? 0) + 1);
        },
      ),
      { numRuns: 700 },
    );
    // Some dozen of them as a rule; how many is chance.
    const ops = [
      'Filter',
      'TopN',
      'Group',
      'RouteScan',
      'Join',
      'Filter of groups',
      'TopN of groups',
      'TopN of pairs',
      'Filter of pairs',
    ];
    for (const op of ops) expect([op, remote.has(op)]).toEqual([op, true]);
  }, 240_000);

  test('gives the rows of conditions with functions, and of two fields', async () => {
    const remote = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(arbitraryComputed(), async (relation) => {
        const expected = oracleResults(relation, drops);
        expect(await rowsOf(relation)).toEqual(expected);
        expect(await rowsOf(relation, { rules: false })).toEqual(expected);
        for (const op of remoteOps(await explain(relation))) remote.set(op, (remote.get(op) ?? 0) + 1);
      }),
      { numRuns: 500 },
    );
    for (const op of ['Filter', 'TopN', 'Group']) expect(remote.get(op) ?? 0).toBeGreaterThan(5);
  }, 240_000);

  test('goes on by itself where the database meets a number out of range after it has given rows', async () => {
    const operations = Array.from({ length: 1500 }, (_, i) =>
      put('large', `k${String(i).padStart(4, '0')}`, {
        n: i === 1400 ? 1e300 : i,
        m: i === 1400 ? 1e300 : 2,
      }),
    );
    await store.commit({ operations, writer: null });
    const twice: Expression = { kind: 'Arith', op: '*', left: payload('n'), right: payload('m'), span };
    const relation = filter(scan('large'), compare(twice, '>=', 100));
    expect(await explain(relation)).toContain('remote=');
    const rows = await rowsOf(relation);
    expect(rows.map(({ key }) => key)).toEqual(
      operations.flatMap((_, i) => (i >= 50 && i !== 1400 ? [`k${String(i).padStart(4, '0')}`] : [])),
    );
  });

  test('reads few rows for a condition with a function, and all that it has to look at itself', async () => {
    const names = ['Oslo', 'OSLO', 'oslo ', 'Ærø', 'Bergen', 'bergen', 7, null];
    const operations = names.map((name, i) => put('towns', `k${i}`, { name, at: `2026-03-0${i + 1}` }));
    await store.commit({ operations, writer: null });
    const call = (name: 'lower' | 'trim' | 'now', ...args: readonly Expression[]): Expression => ({
      kind: 'Fn',
      name,
      args,
      span,
    });
    const lower = filter(scan('towns'), compare(call('lower', call('trim', payload('name'))), '=', 'oslo'));
    expect((await rowsOf(lower)).map(({ key }) => key)).toEqual(['k0', 'k1', 'k2']);
    const analysed = asObject(
      await onRemote((context) =>
        execute({ kind: 'Explain', mode: 'analyze', plan: query(lower), span }, context),
      ),
    );
    // The town that is not ASCII is the one more that was read.
    expect(String(analysed['text'])).toMatch(/Filter .*remote=.*LOWER.*4 keys/);
    const later = filter(scan('towns'), {
      kind: 'Cmp',
      op: '>',
      left: payload('at'),
      right: call('now'),
      span,
    });
    expect(await explain(later)).toContain('remote=');
    expect(await rowsOf(later)).toEqual(await rowsOf(later, { rules: false }));
  });

  test('of several routes chooses rows, and leaves out what may not be read before it counts', async () => {
    const operations = ['zoo', 'zoo/a', 'zoo/b'].flatMap((route) =>
      [1, 2, 3].map((n) => put(route, n === 3 ? null : `k${n}`, { n, city: route })),
    );
    await store.commit({ operations, writer: null });
    const all = filter(scan('zoo', { subtree: true }), compare(payload('n'), '>', 1));
    const visible = (route: string): boolean => route !== 'zoo/a';
    const cities = (await rowsOf(all)).map((row) => asObject(row['payload'])['city']);
    expect(cities).toEqual(['zoo', 'zoo/a', 'zoo/b', 'zoo', 'zoo/a', 'zoo/b']);
    expect(await rowsOf(all, { visible })).toHaveLength(4);
    expect(await explain(all)).toContain('remote=');
    const counted = group(all, null, aggregate('count'));
    expect(await rowsOf(counted, { visible })).toEqual([{ count: 4 }]);
    const hidden = group(scan('zoo/a'), null, aggregate('count'));
    expect(await rowsOf(hidden, { visible })).toEqual([{ count: 0 }]);
    expect(await rowsOf(hidden)).toEqual([{ count: 3 }]);
    const first = slice(sort(scan('zoo/a'), { expression: payload('n'), descending: true }), 2);
    expect(await explain(first)).toMatch(/TopN.* remote=/);
    expect(await rowsOf(first, { visible })).toEqual([]);
  });

  test('chooses groups in the database, and does it here where a group is told otherwise there', async () => {
    const operations = Array.from({ length: 60 }, (_, i) =>
      put('shop', `k${String(i).padStart(2, '0')}`, {
        city: i % 13 === 12 ? null : `city ${i % 13}`,
        amount: i % 7 === 6 ? 'much' : i / 4,
        ...(i % 5 > 0 && { odd: i % 2 === 1 }),
      }),
    );
    await store.commit({ operations, writer: null });
    const cities = group(
      scan('shop'),
      [payload('city')],
      aggregate('count'),
      { ...aggregate('sum', payload('amount')), as: 'total' },
      { ...aggregate('max', payload('amount')), as: 'most' },
    );
    const rich = filter(cities, compare(column('total'), '>', 20));
    const sorted = sort(
      rich,
      { expression: column('most'), descending: true },
      { expression: column('count'), descending: false },
    );
    const answered: string[] = [];
    const ask = async (relation: Relation) => {
      const expected = await rowsOf(relation, { rules: false });
      const { results } = asObject(
        await onRemote(({ snapshot, ...context }) => {
          const { sql } = snapshot;
          const select: NonNullable<typeof sql>['select'] = async (path, of) => {
            const rows = (await sql?.select(path, of)) ?? [];
            answered.push(of.sql);
            return rows;
          };
          const counting = { ...snapshot, ...(sql && { sql: { ...sql, select } }) };
          return execute(query(relation), { ...context, snapshot: counting });
        }),
      );
      expect(results).toEqual(expected);
      return expected;
    };
    expect(await ask(rich)).not.toHaveLength(0);
    expect(answered.at(-1)).toMatch(/WHERE .*"c2".* > /);
    expect(await ask(slice(sorted, 3))).toHaveLength(3);
    expect(answered.at(-1)).toMatch(/ORDER BY .* LIMIT 3$/);
    expect(await ask(filter(cities, compare(column('city'), '=', 'city 3')))).toHaveLength(1);
    expect(await explain(slice(sorted, 3))).toMatch(/TopN .*remote=SELECT \* FROM \(SELECT/);
    await store.commit({ operations: [put('shop', 'list', { city: 'city 1', amount: [1] })], writer: null });
    expect(await ask(slice(sorted, 3))).toMatchObject([{ city: 'city 1', most: [1] }, {}, {}]);
  });

  test('finds pairs here where many meet the conditions, and asks the database where few do', async () => {
    const users = Array.from({ length: 2000 }, (_, i) =>
      put('people', `u${i}`, {
        code: `c${i}`,
        role: i % 50 === 3 ? 'admin' : i % 500 === 150 ? 'Boss' : 'plain',
        age: i % 50,
      }),
    );
    const orders = Array.from({ length: 4000 }, (_, i) =>
      put('sales', i % 9 === 0 ? null : `s${String(i).padStart(4, '0')}`, {
        user: `u${(i * 7919) % 2600}`,
        code: `c${(i * 7919) % 2600}`,
        n: i,
        ...(i % 5 === 0 && { age: i % 70 }),
      }),
    );
    await store.commit({ operations: [...users, ...orders], writer: null });
    let asked = 0;
    const found = async (relation: Relation, more: Pick<ExecutionContext, 'rules'> = {}) =>
      onRemote(({ snapshot, ...context }) => {
        const { sql } = snapshot;
        const pairs: NonNullable<typeof sql>['pairs'] = async (path, of) => {
          asked += 1;
          return (await sql?.pairs(path, of)) ?? [];
        };
        const counting = { ...snapshot, ...(sql && { sql: { ...sql, pairs } }) };
        return execute(query(relation), { ...context, ...more, snapshot: counting });
      });
    const pairs = (other: 'key' | 'code', join: 'left' | 'inner' = 'left') =>
      joinOn(
        scan('sales'),
        scan('people'),
        [payload(other === 'key' ? 'user' : 'code'), field('joined', other)],
        join,
      );
    const role = (name: string) => compare(field('joined', 'role'), '=', name);
    const old = compare(field('either', 'age'), '>', 45);
    const boss: Expression = {
      kind: 'Cmp',
      op: '=',
      left: { kind: 'Fn', name: 'lower', args: [field('joined', 'role')], span },
      right: literal('boss'),
      span,
    };
    const missed = filter(pairs('key'), exists(field('joined', 'role'), true));
    const cases: readonly (readonly [name: string, relation: Relation, asked: number])[] = [
      ['few', filter(pairs('key'), role('admin')), 1],
      ['few inner ones', filter(pairs('key', 'inner'), and(role('admin'), old)), 1],
      ['none', filter(pairs('key'), role('nobody')), 1],
      ['the first of few', slice(filter(pairs('key'), role('Boss')), 12), 1],
      ['the first of few, which come early', slice(filter(pairs('key'), role('admin')), 12), 0],
      ['the first of many', slice(filter(pairs('key'), role('plain')), 12, 10), 0],
      ['many, of a join that would be hashed here', filter(pairs('key'), role('plain')), 1],
      ['what has no match', slice(missed, 20), 0],
      ['by a field', filter(pairs('code'), role('admin')), 1],
      ['by a field, the first', slice(pairs('code'), 1500), 1],
      ['by a field, all of them', pairs('code', 'inner'), 1],
      ['by key, all of them', pairs('key', 'inner'), 0],
      ['by a field, none', filter(pairs('code', 'inner'), role('nobody')), 1],
      ['more than was asked for at first', slice(filter(pairs('code'), and(old, boss)), 4), 1],
      ['the first sorted', slice(sort(filter(pairs('key'), old), descending(field('either', 'age'))), 7), 1],
    ];
    for (const [name, relation, times] of cases) {
      asked = 0;
      const expected = await found(relation, { rules: false });
      expect([name, asked]).toEqual([name, 0]);
      expect(await found(relation)).toEqual(expected);
      expect([name, asked]).toEqual([name, times]);
    }
  }, 120_000);

  test('lets the database use indexes for texts of any length, ranges and beginnings, and says which', async () => {
    const long = 'å'.repeat(600);
    const operations = Array.from({ length: 3000 }, (_, i) =>
      put('big', `k${i}`, { n: i, t: i === 7 ? `${long}x` : i === 8 ? `${long}y` : `text ${i}` }),
    );
    await store.commit({ operations, writer: null });
    const define = (key: string, field: string) =>
      put('_indexes', key, indexRecord({ route: 'big', fields: [[field]], created: 'manual' }));
    await store.commit({ operations: [define('n', 'n'), define('t', 't')], writer: null });
    await store.admin.indexesSettled();
    const prefix = (text: string): Expression => ({
      kind: 'Like',
      match: 'prefix',
      left: payload('t'),
      right: literal(text),
      span: { start: 0, end: 0 },
    });
    const cases: readonly (readonly [Expression, string, number])[] = [
      [compare(payload('n'), '=', 5), 'big.n', 1],
      [compare(payload('n'), '>=', 2995), 'big.n', 5],
      [isIn(payload('n'), [1, 2, 3]), 'big.n', 3],
      [compare(payload('t'), '=', 'text 9'), 'big.t', 1],
      [compare(payload('t'), '=', `${long}x`), 'big.t', 1],
      [compare(payload('t'), '>', `${long}x`), 'big.t', 1],
      [compare(payload('t'), '>', long), 'big.t', 2],
      [isIn(payload('t'), [`${long}y`, 'text 1', 5]), 'big.t', 2],
      [prefix('text 299'), 'big.t', 11],
      [prefix(`${long}y`), 'big.t', 1],
    ];
    for (const [predicate, index, rows] of cases) {
      const relation = filter(scan('big'), predicate);
      expect(await explain(relation)).toContain(` index=${index}`);
      expect(await rowsOf(relation)).toHaveLength(rows);
    }
  }, 60_000);
});
