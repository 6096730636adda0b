import { describe, expect, test } from 'vitest';
import type { PlanStatistics } from '../estimate.js';
import { explainPlan, explainText } from '../explain.js';
import { optimise } from '../optimise.js';
import type { PhysicalPlan } from '../physical-plan.js';
import {
  and,
  below,
  compare,
  count,
  field,
  filter,
  group,
  join,
  key,
  literal,
  page,
  payload,
  project,
  resume,
  scan,
  slice,
  sort,
  span,
  sum,
} from '../testing/plans.fixture.js';
import type { ColumnUse } from './choose-columns.js';

/** 100,000 rows; an index on `a` of a thousand values. */
const statistics: PlanStatistics = {
  rows: (route) => (route === 'small' ? 500 : 100_000),
  columns: true,
  indexes: (route) => (route === 'indexed' ? [{ id: 1, fields: [['a']] }] : []),
  entries: (_path, limit) => Math.min(limit, 100),
};
const lines = (plan: PhysicalPlan, known = statistics, columns?: ColumnUse): string =>
  explainText(explainPlan(optimise(plan, { statistics: known, columns }), known)).replaceAll(
    / \(~\d+ rows\)/g,
    '',
  );

const a = compare(payload('a'), '=', 1);
const b = compare(payload('b'), '=', 'x');
const byCity = (input: PhysicalPlan) => group(input, [payload('city')], count, sum(payload('score')));
const orders = join(scan('orders'), scan('users'), [payload('user'), field('joined', 'key')]);

describe('columns stand for rows', () => {
  test.each([
    [
      'a filter',
      filter(scan('r'), and(a, b)),
      'ColumnScan route=r columns=["a","b"] predicate=a = 1 and b = "x"',
    ],
    ['a group', byCity(scan('r')), 'ColumnGroup route=r columns=["city","score"] by=city'],
    [
      'the first of a sort',
      slice(sort(filter(scan('r'), a), payload('c')), 10),
      'ColumnTop route=r columns=["a","c"]',
    ],
    ['a count', group(filter(scan('r'), a), null, count), 'ColumnGroup route=r columns=["a"]'],
    [
      'groups of a join by key',
      group(orders, [field('either', 'city')], count),
      'ColumnGroup route=orders join=left with=users on=user = key columns=["user","city","users.city"] by=city',
    ],
    [
      'a group that an index would narrow less than columns cost',
      group(filter(scan('indexed'), compare(payload('a'), '>', 1)), [payload('city')], count),
      'ColumnGroup',
    ],
  ] as const)('%s', (_name, plan, line) => {
    const known = { ...statistics, entries: (_path: unknown, limit: number) => Math.min(limit, 50_000) };
    expect(lines(plan, known)).toContain(line);
    expect(lines(plan, known)).not.toContain('RouteScan');
    expect(lines(plan, known, 'never')).not.toContain('Column');
    expect(lines(plan, { ...known, columns: false })).not.toContain('Column');
  });
});

describe('rows are read one by one', () => {
  test.each([
    ['few of a small route', byCity(scan('small'))],
    ['the first of any', page(filter(scan('r'), a), 10)],
    ['all of them', scan('r')],
    ['nearly all of them', filter(scan('r'), compare(payload('a'), '!=', 1))],
    ['what an index finds', filter(scan('indexed'), a)],
    ['by key', filter(scan('r'), compare(key, '=', 'k'))],
    ['where a cursor goes on', resume(scan('r'), 0, 'r', 'k')],
  ] as const)('%s', (_name, plan) => {
    expect(lines(plan)).not.toContain('Column');
  });

  test.each([
    ['several routes', byCity(below('r'))],
    [
      'the past',
      byCity({
        kind: 'Access',
        path: { kind: 'RouteScan', route: 'r', subtree: false, rows: 'all' },
        asOf: { kind: 'Tx', tx: 3, span },
      }),
    ],
    ['what no column holds', group(scan('r'), [field('system', 'source')], count)],
    [
      'a join by another field',
      group(join(scan('l'), scan('r'), [payload('a'), field('joined', 'a')]), null, count),
    ],
    ['what a projection made', group(project(scan('r'), false, payload('a')), [field('column', 'a')], count)],
    [
      'a list that is none',
      filter(scan('r'), { kind: 'In', operand: payload('a'), list: literal(1), negated: false, span }),
    ],
  ] as const)('even when columns are asked for: %s', (_name, plan) => {
    const text = lines(plan, statistics, 'always').split('\n')[0];
    expect(text).not.toContain('Column');
  });
});
