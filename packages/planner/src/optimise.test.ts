import { expect, test } from 'vitest';
import { optimise } from './optimise.js';
import type { Rule } from './rule.js';
import { pageRelation } from './page-relation.js';
import { planQuery } from './plan-query.js';
import {
  and,
  column,
  compare,
  filter,
  key,
  payload,
  project,
  scan,
  slice,
  sort,
  span,
  textOf,
} from './testing/plans.fixture.js';

const a = compare(payload('a'), '>', 1);

test('all rules together bring a filter to a look-up and a limit into a sort', () => {
  const plan = slice(
    filter(
      sort(project(scan('r'), true), column('a')),
      and(compare(column('key'), '=', 'k'), compare(column('a'), '>', 1)),
    ),
    2,
  );
  expect(textOf(optimise(plan))).toMatchInlineSnapshot(`
    "Slice limit=2
    └─ TopN keys=a count=2
       └─ Project columns=*
          └─ Filter predicate=a > 1
             └─ Get route=r key=k"
  `);
});

test('the observer sees each rule that changed something, and only those', () => {
  const seen: string[] = [];
  optimise(filter(filter(scan('r'), a), compare(key, '=', 'k')), {
    observe: (rule, before, after) => {
      expect(after).not.toBe(before);
      seen.push(rule.name);
    },
  });
  expect(seen).toEqual(['merge-filters', 'key-equality-to-lookup']);
});

test('without rules a plan is left as it is', () => {
  const plan = filter(filter(scan('r'), a), a);
  expect(optimise(plan, { rules: false })).toBe(plan);
});

test('a rule that changes the rows or reads what is not there is our bug', () => {
  const flat: Rule = {
    name: 'flat',
    order: 'bottom-up',
    rewrite: (p) => (p.kind === 'Access' ? project(p, true) : p),
  };
  expect(() => optimise(scan('r'), { rules: [flat] })).toThrow('flat changed the shape');
  const lost: Rule = {
    name: 'lost',
    order: 'bottom-up',
    rewrite: (p) => (p.kind === 'SliceRows' ? filter(p.input, compare(column('x'), '=', 1)) : p),
  };
  expect(() => optimise(slice(scan('r'), 1), { rules: [lost] })).toThrow('lost: column field x over drops');
  const restless: Rule = {
    name: 'restless',
    order: 'bottom-up',
    rewrite: (p) => (p.kind === 'Access' ? { ...p } : p),
  };
  expect(() => optimise(scan('r'), { rules: [restless] })).toThrow('did not settle');
});

test('a relation is lowered as written when rules are off', () => {
  const users = {
    kind: 'Scan',
    route: 'users',
    subtree: false,
    versions: 'current',
    rows: 'all',
    span,
  } as const;
  const relation = { kind: 'Filter', input: users, predicate: compare(key, '=', 'k'), span } as const;
  expect(textOf(planQuery(relation, { rules: false }))).toMatchInlineSnapshot(`
    "Filter predicate=key = "k"
    └─ RouteScan route=users"
  `);
  expect(textOf(planQuery(relation))).toMatchInlineSnapshot(`"Get route=users key=k"`);
  expect(pageRelation(relation, 10).page).toMatchObject({ limit: 10, paged: true });
});
