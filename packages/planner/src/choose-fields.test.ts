import { expect, test } from 'vitest';
import type { Expression, Field } from '@drops/ir';
import { chooseFields } from './choose-fields.js';
import type { PhysicalPlan } from './physical-plan.js';
import { inputsOf } from './plan-tree.js';
import { column, compare, field, payload, scan, sort } from './testing/plans.fixture.js';

const pick = (input: PhysicalPlan, expressions: readonly Expression[], star = false): PhysicalPlan => ({
  kind: 'ProjectRows',
  input,
  star,
  items: expressions.map((expression, i) => ({ expression, as: `c${i}` })),
});
const where = (input: PhysicalPlan, read: Field): PhysicalPlan => ({
  kind: 'FilterRows',
  input,
  predicate: compare(read, '>', 1),
});
const page = (input: PhysicalPlan, expression: Expression, depth: number): PhysicalPlan => ({
  kind: 'PageRows',
  input,
  offset: 0,
  limit: 5,
  order: { kind: 'sorted', keys: [{ expression, descending: false }], depth },
});
const group = (input: PhysicalPlan, by: Field, of: Field): PhysicalPlan => ({
  kind: 'GroupRows',
  input,
  by: [{ expression: by, as: 'g' }],
  aggregates: [{ fn: 'sum', argument: of, as: 's', span: of.span }],
});
const either = (name: string): Field => field('either', name);
const joined = (name: string): Field => field('joined', name);
const look = (left: PhysicalPlan, rest: readonly (readonly [Field, Field])[] = []): PhysicalPlan => ({
  kind: 'LookupJoin',
  join: 'left',
  left,
  route: 's',
  key: payload('id'),
  rest: rest.map(([a, b]) => ({ left: a, right: b })),
});
const hash = (left: PhysicalPlan, right: PhysicalPlan): PhysicalPlan => ({
  kind: 'HashJoin',
  join: 'inner',
  left,
  right,
  on: [{ left: payload('x'), right: payload('y') }],
});

/** The fields of each leaf and each look-up, from left to right. */
function fieldsRead(plan: PhysicalPlan): readonly (ReadonlySet<string> | 'all')[] {
  const below = inputsOf(plan).flatMap(fieldsRead);
  if (plan.kind !== 'Access' && plan.kind !== 'LookupJoin') return below;
  return [...below, plan.fields ? new Set(plan.fields) : 'all'];
}

const r = scan('r');
test.each<[string, PhysicalPlan, readonly (readonly string[] | 'all')[]]>([
  ['whole drops', sort(where(r, payload('a')), payload('b')), ['all']],
  ['a pick and what it is picked by', pick(where(r, payload('a')), [payload('b')]), [['a', 'b']]],
  ['a member of a member', pick(r, [field('payload', 'b', 'c')]), [['b']]],
  ['what the drop itself has', pick(r, [field('system', 'key')]), [[]]],
  ['all with something more', pick(r, [payload('b')], true), ['all']],
  [
    'groups',
    where(group(where(r, payload('a')), payload('b'), payload('c')), column('s')),
    [['a', 'b', 'c']],
  ],
  [
    'picks of picks',
    where(pick(where(pick(r, [payload('a')]), column('c0')), [column('c0')]), column('c0')),
    [['a']],
  ],
  ['what a page is cut by, below its pick', page(pick(r, [payload('b')]), payload('a'), 1), [['a', 'b']]],
  ['a join that is shown', where(look(r), payload('a')), ['all', 'all']],
  [
    'a join',
    pick(where(look(r), payload('a')), [either('b'), joined('c')]),
    [
      ['a', 'b', 'id'],
      ['b', 'c'],
    ],
  ],
  [
    'pairs besides the key',
    pick(look(r, [[payload('d'), payload('e')]]), [payload('a')]),
    [['a', 'd', 'id'], ['e']],
  ],
  [
    'both sides of a hash join',
    pick(hash(r, where(scan('s'), payload('f'))), [either('b')]),
    [
      ['b', 'x'],
      ['b', 'f', 'y'],
    ],
  ],
  ['joins of joins', pick(hash(look(r), scan('t')), [either('b')]), [['b', 'id', 'x'], ['b'], ['b', 'y']]],
  [
    'the right side of a join that is grouped',
    pick(hash(r, pick(scan('s'), [payload('y'), payload('z')])), [joined('c1')]),
    [['x'], ['y', 'z']],
  ],
])('%s', (_, plan, fields) => {
  const sets = fields.map((names) => (names === 'all' ? names : new Set(names)));
  expect(fieldsRead(chooseFields(plan))).toEqual(sets);
});
