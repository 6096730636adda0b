import fc from 'fast-check';
import { DropsError } from '@drops/diagnostics';
import { compareStrings, isArray, isObject, type Json, type JsonObject, type Plan } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { translate } from '../translate.js';
import type { Translation } from '../translation.js';
import { combinations } from './combinations.fixture.js';
import { openMongoShell, type MongoShell } from './mongosh.fixture.js';
import { evaluate, type NaiveDrop } from './naive-evaluator.fixture.js';
import { conditions, statements } from './queries.fixture.js';
import { everyDrop } from './rows.fixture.js';

const documentOf = (d: NaiveDrop): JsonObject => ({ _key: d.key, _created_at: d.created_at, ...d.payload });

/** Documents as an export writes them. */
function shellOf(drops: readonly NaiveDrop[]): MongoShell {
  const documents = (route: string) => drops.filter((d) => d.route === route).map(documentOf);
  return openMongoShell({ 'app/users': documents('app/users'), orders: documents('orders') });
}

/** Members in one order, without the `_id` that an insert gives. */
function canonical(value: Json): Json {
  if (isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const names = Object.keys(value).filter((name) => name !== '_id');
  return names.sort(compareStrings).map((name) => [name, canonical(value[name] ?? null)]);
}

const asText = (rows: readonly Json[]): readonly string[] =>
  rows.map((row) => JSON.stringify(canonical(row)));

function expectedRows(plan: Plan, drops: readonly NaiveDrop[]): readonly string[] {
  if (plan.kind !== 'Query') throw new Error(`${plan.kind} is no query`);
  return asText(
    evaluate(drops, plan.relation).map((row): Json => {
      if (row.kind === 'flat') return Object.fromEntries([...row.columns].map(([n, v]) => [n, v ?? null]));
      const { drop, joined } = row;
      return { ...documentOf(drop), ...(joined && { _joined: documentOf(joined) }) };
    }),
  );
}

function foundRows(shell: MongoShell, { output }: Translation): readonly string[] {
  const rows: Json = JSON.parse(JSON.stringify(shell.run(output)));
  return isArray(rows) ? asText(rows) : [];
}

const shell = shellOf(everyDrop);

/** Every row, every field and the order have to be the same. */
function prove(text: string): void {
  const plan = planOf(text);
  const translation = translate(plan, 'mongo');
  expect(foundRows(shell, translation), translation.output).toEqual(expectedRows(plan, everyDrop));
}

describe('MongoDB, as mingo plays it, gives what the statement gives', () => {
  it.each(conditions)('where %s', (c) => {
    prove(`find app/users where ${c}`);
    prove(`find app/users where not (${c})`);
  });
  it.each(statements)('%s', prove);
  it('combinations of conditions', () => {
    for (const c of combinations(200)) prove(`find app/users where ${c}`);
  });
});

const scalar: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  true,
  false,
  0,
  1,
  2,
  41,
  -1.5,
  '',
  'a',
  'A',
  '10',
  'Oslo',
  'true',
  'x',
  '$a',
  '$$ROOT',
  'ｚ',
  '𝒳',
  'ada',
  'k1',
);
/** What a dotted path or a comparison would look into. */
const composite: fc.Arbitrary<Json> = fc.oneof(
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.record({ city: scalar }), { maxLength: 2 }),
  fc.record({ city: scalar }),
);
const columns = {
  'app/users': ['name', 'role', 'age', 'score', 'vip', 'tags', 'order'],
  orders: ['user', 'amount', 'qty', 'city', 'paid', 'memo'],
} as const;

function arbitraryDrops(
  route: keyof typeof columns,
  value: fc.Arbitrary<Json>,
): fc.Arbitrary<readonly NaiveDrop[]> {
  const nested = fc.oneof(
    value,
    fc.record({ city: value, zip: value, price: value, sku: value }, { requiredKeys: [] }),
  );
  const fields = fc.dictionary(fc.constantFrom(...columns[route]), value);
  const payload = fc
    .tuple(fields, fc.option(nested, { nil: undefined }))
    .map(([flat, deep]): JsonObject =>
      deep === undefined ? flat : { ...flat, [route === 'orders' ? 'item' : 'address']: deep },
    );
  return fc.array(payload, { maxLength: 6 }).map((payloads) =>
    payloads.map((p, i) => ({
      route,
      key: `k${i}`,
      created_at: `2026-01-0${1 + Math.floor(i / 2)}T00:00:00.000Z`,
      payload: p,
    })),
  );
}

/** Both routes, of scalars alone or of everything. */
const arbitraryData = (value: fc.Arbitrary<Json>): fc.Arbitrary<readonly NaiveDrop[]> =>
  fc
    .tuple(arbitraryDrops('app/users', value), arbitraryDrops('orders', value))
    .map(([users, orders]) => [...users, ...orders]);

const arbitraryText = fc.oneof(
  fc.constantFrom(...conditions, ...combinations(100)).map((c) => `find app/users where ${c}`),
  fc.constantFrom(...statements),
);

describe('documents of any shape', () => {
  it('an exact translation gives the same rows in the same order whatever the documents hold', () => {
    const data = arbitraryData(fc.oneof({ weight: 2, arbitrary: scalar }, composite));
    fc.assert(
      fc.property(data, arbitraryText, (drops, text) => {
        const plan = planOf(text);
        const translation = translate(plan, 'mongo');
        fc.pre(translation.fidelity.kind === 'exact');
        expect(foundRows(shellOf(drops), translation), text).toEqual(expectedRows(plan, drops));
      }),
      { numRuns: 300 },
    );
  });
  it('one that wants a schema does for fields that hold no arrays and objects', () => {
    fc.assert(
      fc.property(arbitraryData(scalar), arbitraryText, (drops, text) => {
        const plan = planOf(text);
        const translation = translate(plan, 'mongo');
        fc.pre(translation.fidelity.kind !== 'approximate');
        expect(foundRows(shellOf(drops), translation), text).toEqual(expectedRows(plan, drops));
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is refused', () => {
  it.each([
    ['find users/* where a = 1', 'find users/* where a = 1', 'MongoDB cannot express users/*'],
    ['find users history', 'find users history', 'MongoDB cannot express history'],
    ['search docs "x"', 'search docs "x"', 'MongoDB cannot express search'],
    ['bulk (save a @x n: 1)', 'bulk (save a @x n: 1)', 'MongoDB cannot express bulk'],
    ['find users where drop_id = "x"', 'drop_id', 'MongoDB cannot express the system column drop_id'],
  ])('%s', (text, _at, message) => {
    expect(() => translate(planOf(text), 'mongo')).toThrow(DropsError);
    expect(() => translate(planOf(text), 'mongo')).toThrow(message);
  });
});
