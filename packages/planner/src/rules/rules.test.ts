import { describe, expect, test } from 'vitest';
import type { Expression } from '@drops/ir';
import { expressionText } from '@drops/ir';
import { optimise } from '../optimise.js';
import type { Rule } from '../rule.js';
import type { PhysicalPlan } from '../physical-plan.js';
import {
  and,
  below,
  column,
  compare,
  count,
  field,
  filter,
  group,
  isIn,
  join,
  key,
  literal,
  not,
  or,
  page,
  payload,
  project,
  resume,
  rewritten,
  scan,
  slice,
  sort,
  span,
  sum,
  textOf,
} from '../testing/plans.fixture.js';
import { filterLeftOfJoin } from './filter-left-of-join.js';
import { foldConstants, foldExpression } from './fold-constants.js';
import { joinByKeyLookup } from './join-by-key-lookup.js';
import { keyEqualityToLookup } from './key-equality-to-lookup.js';
import { keyInToLookups } from './key-in-to-lookups.js';
import { mergeFilters } from './merge-filters.js';
import { pruneColumns } from './prune-columns.js';
import { pushFilterThrough } from './push-filter-through.js';
import { pushLimitIntoSort } from './push-limit-into-sort.js';
import { removeTrivialFilters } from './remove-trivial-filters.js';
import { resumeAtCursor } from './resume-at-cursor.js';
import { sortedGroups } from './sorted-groups.js';

const a = compare(payload('a'), '>', 1);
const b = compare(payload('b'), '=', 'x');

/** Pairs of a plan before and after one rule. */
function becomes(rule: Rule, pairs: readonly (readonly [string, PhysicalPlan, PhysicalPlan])[]): void {
  test.each(pairs)('%s', (_name, before, after) => {
    expect(rewritten(rule, before)).toBe(textOf(after));
    expect(textOf(before)).not.toBe(textOf(after));
  });
}
/** Plans that one rule leaves as they are: the same object. */
function stays(rule: Rule, plans: readonly (readonly [string, PhysicalPlan])[]): void {
  test.each(plans)('stays as it is: %s', (_name, plan) => {
    expect(optimise(plan, { rules: [rule] })).toBe(plan);
  });
}

describe('filter-left-of-join', () => {
  const either = field('either', 'a');
  const over = (predicate: Expression, left = scan('l')) =>
    rewritten(
      filterLeftOfJoin,
      filter(join(left, scan('r'), [payload('x'), field('joined', 'key')]), predicate),
    );
  test('an equality leaves the left drops that have the value or lack the field', () => {
    expect(over(compare(either, '=', 1))).toBe(
      [
        'Filter predicate=a = 1',
        '└─ HashJoin join=left build=right on=x = _joined.key',
        '   ├─ Filter predicate=a in [1,null]',
        '   │  └─ RouteScan route=l',
        '   └─ RouteScan route=r',
      ].join('\n'),
    );
  });
  test('any other term does too', () => {
    expect(over(compare(either, '>', 1))).toContain('Filter predicate=a > 1 or');
  });
  test('an equality of what is made of the field stays one of that', () => {
    const sum: Expression = { kind: 'Arith', op: '+', left: either, right: literal(2), span };
    expect(over(compare(sum, '=', 2))).toContain('Filter predicate=a + 2 = 2 or');
  });
  test.each([
    ['a field of the joined record', over(compare(field('joined', 'a'), '=', 1))],
    ['a left side that is cut', over(compare(either, '=', 1), slice(scan('l'), 3))],
  ])('not for %s', (_name, text) => {
    expect(text.match(/Filter/g)).toHaveLength(1);
  });
});

describe('fold-constants', () => {
  const arith = (op: '+' | '/' | '%', left: number, right: number): Expression => ({
    kind: 'Arith',
    op,
    left: literal(left),
    right: literal(right),
    span,
  });
  const call = (name: 'lower' | 'now' | 'len', ...args: readonly Expression[]): Expression => ({
    kind: 'Fn',
    name,
    args,
    span,
  });
  const folds: readonly (readonly [Expression, string])[] = [
    [arith('+', 2, 3), '5'],
    [call('lower', literal('AB')), '"ab"'],
    [compare(literal(1), '<', 2), 'true'],
    [compare(literal(1), '<', 'x'), 'false'],
    [compare(payload('a'), '<', null), 'false'],
    [and(a, literal(true), b), 'a > 1 and b = "x"'],
    [and(a, literal(false)), 'false'],
    [and(a, literal(true)), 'a > 1'],
    [or(a, literal(false), b), 'a > 1 or b = "x"'],
    [or(a, literal(true)), 'true'],
    [not(not(a)), 'a > 1'],
    [not({ kind: 'Exists', operand: payload('a'), negated: false, span }), 'a not exists'],
    [isIn(payload('a'), [1]), 'a = 1'],
    [isIn(payload('a'), [1], true), 'a != 1'],
    [isIn(payload('a'), []), 'false'],
    [{ kind: 'Exists', operand: literal(1), negated: false, span }, 'true'],
    [compare(arith('+', 1, 1), '=', 2), 'true'],
  ];
  test.each(folds)('%#: → %s', (before, after) => expect(expressionText(foldExpression(before))).toBe(after));

  const kept: readonly Expression[] = [
    arith('/', 1, 0),
    arith('%', 1, 0),
    compare(arith('/', 1, 0), '=', 1),
    call('now'),
    call('len', literal(5)),
    isIn(payload('a'), [null]),
    isIn(payload('a'), [], true),
    isIn(payload('a'), [1, 2]),
    not(payload('a')),
    not(not(payload('a'))),
    or(payload('a'), literal(false)),
    a,
  ];
  test.each(kept)('stays as it is: %#', (expression) => expect(foldExpression(expression)).toBe(expression));
  becomes(foldConstants, [['in a filter', filter(scan('r'), and(a, literal(true))), filter(scan('r'), a)]]);
});

describe('remove-trivial-filters', () => {
  const empty: PhysicalPlan = { kind: 'Empty', shape: { kind: 'drops' } };
  becomes(removeTrivialFilters, [
    ['true', filter(scan('r'), literal(true)), scan('r')],
    ['never true', filter(scan('r'), and(a, literal(false))), empty],
    ['what stands on nothing', sort(slice(filter(scan('r'), literal(false)), 3), payload('a')), empty],
    ['a slice of nothing', slice(scan('r'), 0), empty],
    ['groups of nothing', group(filter(scan('r'), literal(false)), [payload('a')], count), empty],
    [
      'an inner join with nothing',
      join(scan('r'), filter(scan('s'), literal(false)), [payload('a'), key], 'inner'),
      empty,
    ],
  ]);
  stays(removeTrivialFilters, [
    ['a predicate', filter(scan('r'), a)],
    ['a page of 0 still tells whether there is more', page(scan('r'), 0)],
  ]);
  test('one row over nothing stays', () => {
    expect(rewritten(removeTrivialFilters, group(filter(scan('r'), literal(false)), null, count))).toBe(
      textOf(group(empty, null, count)),
    );
  });
  test('a left join keeps its rows when the right has none', () => {
    const before = join(scan('r'), filter(scan('s'), literal(false)), [payload('a'), key]);
    expect(rewritten(removeTrivialFilters, before)).toBe(textOf(join(scan('r'), empty, [payload('a'), key])));
  });
});

describe('merge-filters', () => {
  becomes(mergeFilters, [
    ['two', filter(filter(scan('r'), a), b), filter(scan('r'), and(a, b))],
    ['three', filter(filter(filter(scan('r'), a), b), a), filter(scan('r'), and(a, b, a))],
  ]);
  stays(mergeFilters, [['a slice between', filter(slice(filter(scan('r'), a), 3), b)]]);
});

describe('push-filter-through', () => {
  const c = (name: string) => compare(column(name), '>', 1);
  const left = and(a, compare(key, '=', 'k'));
  const either = compare(field('either', 'a'), '=', 1);
  const pair = [payload('b'), field('joined', 'key')] as const;
  becomes(pushFilterThrough, [
    ['a sort', filter(sort(scan('r'), payload('a')), a), sort(filter(scan('r'), a), payload('a'))],
    [
      'a projection',
      filter(project(scan('r'), false, payload('a')), c('a')),
      project(filter(scan('r'), a), false, payload('a')),
    ],
    ['a star', filter(project(scan('r'), true), c('a')), project(filter(scan('r'), a), true)],
    [
      'the key of a star',
      filter(project(scan('r'), true), compare(column('key'), '=', 'k')),
      project(filter(scan('r'), compare(key, '=', 'k')), true),
    ],
    [
      'a group, by its columns',
      filter(group(scan('r'), [payload('a')], count), and(c('a'), c('count'))),
      filter(group(filter(scan('r'), a), [payload('a')], count), c('count')),
    ],
    [
      'the left of a join',
      filter(join(scan('r'), scan('s'), pair), and(left, either)),
      filter(join(filter(scan('r'), left), scan('s'), pair), either),
    ],
  ]);
  stays(pushFilterThrough, [
    ['a slice', filter(slice(scan('r'), 3), a)],
    ['a page', filter(page(scan('r'), 3), a)],
    ['an aggregate', filter(group(scan('r'), null, count), c('count'))],
    ['a field that may be of either side', filter(join(scan('r'), scan('s'), pair), either)],
    ['the joined record', filter(join(scan('r'), scan('s'), pair), compare(field('joined', 'a'), '=', 1))],
  ]);
});

describe('push-limit-into-sort', () => {
  const sorted = sort(scan('r'), payload('a'));
  const top = (n: number): PhysicalPlan => ({
    kind: 'TopRows',
    input: scan('r'),
    keys: [{ expression: payload('a'), descending: false }],
    count: n,
  });
  becomes(pushLimitIntoSort, [
    ['a slice', slice(sorted, 3, 2), slice(top(5), 3, 2)],
    ['a page looks one further', page(sorted, 3), page(top(4), 3)],
    [
      'through a projection',
      slice(project(sorted, false, payload('a')), 3),
      slice(project(top(3), false, payload('a')), 3),
    ],
  ]);
  stays(pushLimitIntoSort, [
    ['no limit', slice(sorted, undefined, 2)],
    ['a filter between', slice(filter(sorted, a), 3)],
  ]);
});

describe('sorted-groups', () => {
  const groups = group(scan('r'), [payload('a'), payload('b')], count);
  const having = filter(groups, compare(column('count'), '>', 1));
  becomes(sortedGroups, [
    ['by the first value', sort(groups, column('a')), groups],
    ['by all values, some groups left out', sort(having, column('a'), column('b')), having],
  ]);
  stays(sortedGroups, [
    ['by an aggregate', sort(groups, column('count'))],
    ['by the second value', sort(groups, column('b'))],
    [
      'descending',
      { kind: 'SortRows', input: groups, keys: [{ expression: column('a'), descending: true }] },
    ],
    ['rows that are no groups', sort(scan('r'), payload('a'))],
  ]);
});

describe('key-equality-to-lookup', () => {
  const isKey = compare(key, '=', 'k');
  const get: PhysicalPlan = { kind: 'Access', path: { kind: 'Get', route: 'r', key: 'k' } };
  becomes(keyEqualityToLookup, [
    ['alone', filter(scan('r'), isKey), get],
    ['among others', filter(scan('r'), and(a, isKey, b)), filter(get, and(a, b))],
    ['below the place of a cursor', filter(resume(scan('r'), 0, 'r', 'a'), isKey), resume(get, 0, 'r', 'a')],
  ]);
  stays(keyEqualityToLookup, [
    ['a subtree', filter(below('r'), isKey)],
    ['no text', filter(scan('r'), compare(key, '=', 5))],
    ['another comparison', filter(scan('r'), compare(key, '!=', 'k'))],
    ['one of two', filter(scan('r'), or(isKey, a))],
    ['the field called key', filter(scan('r'), compare(payload('key'), '=', 'k'))],
  ]);
});

describe('key-in-to-lookups', () => {
  const gets: PhysicalPlan = { kind: 'Access', path: { kind: 'MultiGet', route: 'r', keys: ['a', 'b'] } };
  becomes(keyInToLookups, [
    ['keys in order, each once', filter(scan('r'), isIn(key, ['b', 'a', 'b', 5])), gets],
    ['among others', filter(scan('r'), and(a, isIn(key, ['b', 'a']))), filter(gets, a)],
  ]);
  stays(keyInToLookups, [
    ['null means the events too', filter(scan('r'), isIn(key, ['a', null]))],
    ['negated', filter(scan('r'), isIn(key, ['a'], true))],
    ['a subtree', filter(below('r'), isIn(key, ['a']))],
  ]);
});

describe('join-by-key-lookup', () => {
  const statistics = { rows: (route: string) => (route === 'few' ? 10 : 1000) };
  const byKey = [payload('b'), field('joined', 'key')] as const;
  const lookup: PhysicalPlan = {
    kind: 'LookupJoin',
    join: 'left',
    left: scan('few'),
    route: 'many',
    asOf: undefined,
    key: payload('b'),
    rest: [],
  };
  test('few rows look up their partners', () => {
    expect(rewritten(joinByKeyLookup, join(scan('few'), scan('many'), byKey), statistics)).toBe(
      textOf(lookup),
    );
  });
  test('a page looks up no more than it takes to fill it', () => {
    const before = page(
      filter(join(scan('many'), scan('many'), byKey), compare(field('either', 'a'), '!=', 1)),
      10,
    );
    expect(rewritten(joinByKeyLookup, before, statistics)).toBe(
      textOf(page(filter({ ...lookup, left: scan('many') }, compare(field('either', 'a'), '!=', 1)), 10)),
    );
  });
  test.each([
    [
      'a page that must sort all pairs',
      page(sort(join(scan('many'), scan('many'), byKey), payload('a')), 10),
    ],
    ['a page of very many', page(join(scan('many'), scan('many'), byKey), 900)],
    ['as many rows on the left', join(scan('many'), scan('many'), byKey)],
    ['another field', join(scan('few'), scan('many'), [payload('b'), field('joined', 'a')])],
    ['a filtered right side', join(scan('few'), filter(scan('many'), a), byKey)],
    ['a subtree', join(scan('few'), below('many'), byKey)],
  ] as const)('stays as it is: %s', (_name, plan) => {
    expect(optimise(plan, { rules: [joinByKeyLookup], statistics })).toBe(plan);
  });
});

describe('resume-at-cursor', () => {
  const from = (after: { readonly key: string } | { readonly tx: number }): PhysicalPlan => ({
    kind: 'Access',
    path: { kind: 'RouteScan', route: 'r', subtree: false, rows: 'all', after },
  });
  becomes(resumeAtCursor, [
    ['an entity', resume(scan('r'), 0, 'r', 'k'), from({ key: 'k' })],
    ['an event', resume(scan('r'), 1, 7), from({ tx: 7 })],
    ['below a filter', resume(filter(scan('r'), a), 0, 'r', 'k'), filter(from({ key: 'k' }), a)],
  ]);
  stays(resumeAtCursor, [
    ['a subtree', resume(below('r'), 0, 'r', 'k')],
    ['another route', resume(scan('r'), 0, 's', 'k')],
    ['a place nobody gave', resume(scan('r'), 'x', null)],
    ['the start', resume(scan('r'))],
    ['no whole tx', resume(scan('r'), 1, 1.5)],
  ]);
});

describe('prune-columns', () => {
  const wide = project(scan('r'), false, payload('a'), payload('b'));
  becomes(pruneColumns, [
    [
      'an item',
      project(wide, false, column('a')),
      project(project(scan('r'), false, payload('a')), false, column('a')),
    ],
    [
      'an aggregate',
      project(group(scan('r'), [payload('a')], count, sum(payload('b'))), false, column('count')),
      project(group(scan('r'), [payload('a')], count), false, column('count')),
    ],
    ['below a group', group(wide, null, count), group(project(scan('r'), false), null, count)],
  ]);
  stays(pruneColumns, [
    ['what a sort between reads', project(sort(wide, column('b')), false, column('a'))],
    ['what a filter between reads', project(filter(wide, compare(column('b'), '=', 1)), false, column('a'))],
    ['under a star', project(wide, true)],
    [
      'items over a star, which may hide fields',
      project(project(scan('r'), true, payload('b')), false, column('a')),
    ],
  ]);
});
