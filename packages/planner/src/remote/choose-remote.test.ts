import { isRelation, walk, type Expression, type Field, type Relation } from '@drops/ir';
import { describe, expect, test } from 'vitest';
import { explainPlan, explainText } from '../explain.js';
import { planQuery } from '../plan-query.js';
import { unknownStatistics, type PlanStatistics } from '../estimate.js';

const span = { start: 0, end: 0 };
const field = (name: string): Field => ({
  kind: 'Field',
  scope: 'payload',
  path: [name],
  type: 'unknown',
  span,
});
const equals = (name: string, value: number): Expression => ({
  kind: 'Cmp',
  op: '=',
  left: field(name),
  right: { kind: 'Lit', value, span },
  span,
});
const scan: Relation = { kind: 'Scan', route: 'r', subtree: false, versions: 'current', rows: 'all', span };
const filter = (...terms: readonly Expression[]): Relation => ({
  kind: 'Filter',
  input: scan,
  predicate: { kind: 'And', terms, span },
  span,
});
const first = (input: Relation, limit: number): Relation => ({
  kind: 'Slice',
  input: { kind: 'Sort', input, keys: [{ expression: field('a'), descending: false }], span },
  offset: 0,
  limit,
  single: false,
  paged: false,
  span,
});
const pairs = (right: 'key' | 'code', left: Relation = scan): Relation => ({
  kind: 'Join',
  join: 'left',
  left,
  right: { ...scan, route: 's' },
  on: [{ left: field('u'), right: { ...field(right), scope: 'joined' } }],
  span,
});
const of = (scope: Field['scope'], name: string, value: number): Expression => ({
  kind: 'Cmp',
  op: '=',
  left: { ...field(name), scope },
  right: { kind: 'Lit', value, span },
  span,
});
const where = (input: Relation, ...terms: readonly Expression[]): Relation => ({
  kind: 'Filter',
  input,
  predicate: { kind: 'And', terms, span },
  span,
});
const page = (input: Relation): Relation => ({
  kind: 'Slice',
  input,
  offset: 0,
  limit: 3,
  single: false,
  paged: false,
  span,
});
const pick = (input: Relation, ...names: readonly string[]): Relation => ({
  kind: 'Project',
  input,
  star: false,
  items: names.map((name) => ({ expression: field(name), as: name })),
  span,
});

/** A store that does all but what reads the field `left`. */
const statistics: PlanStatistics = {
  ...unknownStatistics,
  remote: {
    says: (relation) =>
      walk(relation, (node) =>
        !isRelation(node) && node.kind === 'Field' && node.path[0] === 'left' ? 'stop' : undefined,
      ),
    isIndexed: () => false,
  },
};

/** The operators of a plan, those that the store does in brackets. */
function drawn(relation: Relation): string {
  const plan = planQuery(relation, { statistics });
  const more = (node: { readonly kind: string }) =>
    node.kind === 'RemoteRows' ? { remote: 'yes' } : undefined;
  return explainText(explainPlan(plan, statistics, undefined, more))
    .split('\n')
    .map((line) => {
      const op = /[A-Z]\w+/.exec(line)?.[0] ?? '';
      const fields = / fields=([^=]*?) (?:\w+=|\()/.exec(line)?.[1];
      return `${line.includes('remote=') ? '*' : ''}${op}${fields === undefined ? '' : `(${fields})`}`;
    })
    .join(' ');
}

describe('what a store does by itself', () => {
  test.each<readonly [string, Relation, string]>([
    ['a whole route comes along its path', scan, 'RouteScan'],
    ['conditions', filter(equals('a', 1)), '*Filter RouteScan'],
    ['some of the conditions', filter(equals('a', 1), equals('left', 1)), 'Filter *Filter RouteScan'],
    ['none of them', filter(equals('left', 1)), 'Filter RouteScan'],
    ['the first rows', first(filter(equals('b', 1)), 3), 'Slice *TopN Filter RouteScan'],
    [
      'not the first of what it does not filter wholly',
      first(filter(equals('b', 1), equals('left', 1)), 3),
      'Slice TopN Filter *Filter RouteScan',
    ],
    ['fields that are read', pick(scan, 'x', 'y'), 'Project *RouteScan(x, y)'],
    [
      'with those of conditions and sorts',
      pick(first(filter(equals('b', 1)), 3), 'x'),
      'Project Slice *TopN(x, a) Filter RouteScan',
    ],
    [
      'groups',
      {
        kind: 'Group',
        input: filter(equals('a', 1)),
        by: [{ expression: field('b'), as: 'b' }],
        aggregates: [{ fn: 'count', as: 'count', span }],
        span,
      },
      '*Group Filter RouteScan',
    ],
    [
      'the first of pairs that meet conditions',
      first(where(pairs('code'), of('either', 'b', 1)), 3),
      'Slice *TopN Filter HashJoin Filter RouteScan RouteScan',
    ],
    [
      'pairs that meet conditions, and what stands for them where they are found here',
      where(pairs('key'), of('either', 'b', 1)),
      '*Filter LookupJoin *Filter RouteScan',
    ],
    [
      'of conditions on pairs some',
      where(pairs('code'), of('joined', 'b', 1), of('joined', 'left', 1)),
      'Filter *Filter HashJoin RouteScan RouteScan',
    ],
    ['the first pairs by a field', page(pairs('code')), 'Slice *HashJoin RouteScan RouteScan'],
    ['not the first pairs by key', page(pairs('key')), 'Slice LookupJoin RouteScan'],
    ['not all pairs', pairs('code'), 'HashJoin RouteScan RouteScan'],
    [
      'fields that are read of the sides of a join',
      pick(pairs('key', filter(equals('a', 1))), 'x'),
      'Project LookupJoin *Filter(x, u, a) RouteScan',
    ],
  ])('%s', (_name, relation, expected) => {
    expect(drawn(relation)).toBe(expected);
  });
  test('nothing without rules', () => {
    const plan = planQuery(filter(equals('a', 1)), { statistics, rules: false });
    expect(plan.kind).toBe('FilterRows');
  });
});
