import { storedSelect } from '@drops/translate';
import { missingPostgres, newSchema, runSql } from '@drops/store/test-schema';
import type { Field, Relation } from '@drops/ir';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aggregate,
  compare,
  field,
  filter,
  group,
  joinOn,
  payload,
  scan,
  slice,
  sort,
} from '../testing/relations.fixture.js';

const place = newSchema();
const missing = await missingPostgres();

const paid = filter(scan('l'), compare(payload('status'), '=', 'paid'));
const joined = (left: Relation, other: string, join: 'left' | 'inner') =>
  joinOn(left, scan('r'), [payload('code'), field('joined', other)], join);
const grouped = (of: Relation) => group(of, null, aggregate('count'));
const first = (of: Relation) => slice(sort(of, { expression: field('either', 'n'), descending: true }), 20);
const either = (name: string): Field => field('either', name);

const shapes: readonly (readonly [string, (other: string) => Relation])[] = [
  ['groups', (other) => grouped(joined(paid, other, 'left'))],
  ['groups of inner pairs', (other) => grouped(joined(paid, other, 'inner'))],
  [
    'groups by conditions on pairs',
    (other) => grouped(filter(joined(scan('l'), other, 'left'), compare(either('role'), '=', 'admin'))),
  ],
  [
    'groups by conditions on the right side',
    (other) => grouped(filter(joined(paid, other, 'left'), compare(field('joined', 'role'), '=', 'admin'))),
  ],
  ['the first pairs', (other) => first(filter(joined(paid, other, 'left'), compare(either('n'), '>', 1)))],
];

describe.skipIf(missing !== undefined)('joins in a database that knows nothing of the rows', () => {
  // Nobody has looked at the table: conditions are taken to leave next to nothing.
  beforeAll(async () => {
    const { schema } = place;
    await runSql(`create schema ${schema}`);
    await runSql(
      `create table ${schema}.rows (route int, _key text collate "C", _created_at timestamptz, tx bigint, doc jsonb)
        with (autovacuum_enabled = off)`,
    );
    await runSql(`create unique index rows_key on ${schema}.rows (route, _key)`);
    await runSql(
      `insert into ${schema}.rows select r, 'k' || i, now(), i, jsonb_build_object('code', 'k' || i, 'status', 'paid', 'n', i)
        from generate_series(1, 2) r, generate_series(1, 5000) i`,
    );
  });
  afterAll(() => place.remove());

  const planOf = async (relation: Relation, other = (sql: string) => sql): Promise<string> => {
    const select = storedSelect(relation);
    expect(select).toBeDefined();
    const side = (route: number) => `(select * from ${place.schema}.rows where route = ${route})`;
    const text = `explain (costs off) with state as ${side(1)}, joined as ${side(2)} ${other(select?.sql ?? '')}`;
    return JSON.stringify(await runSql(text, select?.parameters));
  };

  test.each(shapes)('by a field, %s: are hashed or merged, whatever is guessed', async (_, shape) => {
    const plan = await planOf(shape('code'));
    expect(plan).toMatch(/(Hash|Merge) Full Join/);
    expect(plan).not.toContain('Nested Loop');
  });
  test.each(shapes)('by key, %s: each left row looks up its right one', async (_, shape) => {
    expect(await planOf(shape('key'))).toMatch(
      /Nested Loop.*Limit.*Index (Only )?Scan using rows_key on rows/,
    );
  });
  test('by key, all rows of a route that is no smaller than the right one: are hashed or merged', async () => {
    const sizes = { left: 5000, right: 5000 };
    const all = grouped(joined(scan('l'), 'key', 'left'));
    expect(storedSelect(all, sizes)?.sql).toContain('FULL JOIN');
    for (const [of, known] of [
      [all, { left: 10, right: 5000 }],
      [grouped(joined(paid, 'key', 'left')), sizes],
    ] as const)
      expect(storedSelect(of, known)?.sql).toContain('LATERAL');
  });
  test('as a plain join, each left row would look at all right ones', async () => {
    const plain = (sql: string) => sql.replace('FULL JOIN', 'LEFT JOIN');
    expect(await planOf(grouped(joined(paid, 'code', 'left')), plain)).toMatch(/Nested Loop.*Join Filter/);
  });
});
