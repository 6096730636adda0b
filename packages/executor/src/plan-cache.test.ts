import { bindParameters, parameterUses, type Cmp, type Expression, type Json, type Query } from '@drops/ir';
import { rules, type Rule } from '@drops/planner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planPaged } from './plan-paged.js';
import { filter, literal, payload, scan } from './testing/relations.fixture.js';
import { openTestStore, put } from './testing/store.fixture.js';

const store = openTestStore();
const span = { start: 0, end: 0 };
const param = (name: string) => ({ kind: 'Param', name, span }) as const;
const cmp = (op: Cmp['op'], name: string, right: Expression): Cmp => ({
  kind: 'Cmp',
  op,
  left: payload(name),
  right,
  span,
});
const template: Query = {
  kind: 'Query',
  shape: 'rows',
  relation: filter(filter(scan('r'), cmp('=', 'c', param('c'))), cmp('>', 'n', param('n'))),
  span,
};
const uses = parameterUses(template);

beforeAll(async () => {
  // One value is frequent, the others are rare.
  const rows = Array.from({ length: 400 }, (_, i) =>
    put('r', `k${i}`, { c: i < 300 ? 'often' : `c${i}`, n: i }),
  );
  await store.writeAtOnce(rows);
  await store.run({ kind: 'DefineIndex', route: 'r', fields: [['c']], span });
  await store.store.admin.indexesSettled();
});
afterAll(() => store.close());

/** A rule that changes nothing and counts the plans that are made. */
function counter(): { readonly rules: readonly Rule[]; readonly plans: () => number } {
  let plans = 0;
  const counting: Rule = {
    name: 'count',
    order: 'top-down',
    rewrite(plan) {
      plans += 1;
      return plan;
    },
  };
  return { rules: [...rules, counting], plans: () => plans };
}

/** The plan for some values, and the one that is made for them alone. */
function plansFor(given: Readonly<Record<string, Json>>, withRules: readonly Rule[]) {
  const values = new Map(Object.entries(given));
  const bound = bindParameters(template, values, new Set(['c', 'n']));
  const alone = bindParameters(template, values, new Set(['c', 'n']));
  if (bound.kind !== 'Query' || alone.kind !== 'Query') throw new Error('no query');
  const snapshot = store.store.snapshot();
  const context = { store: store.store, snapshot, writer: null, indexes: 'cheapest' } as const;
  const kept = planPaged(bound, 10, {
    ...context,
    rules: withRules,
    template: { query: template, bound, uses, values },
  });
  const fresh = planPaged(alone, 10, { ...context, rules });
  snapshot.release();
  return { kept: JSON.stringify(kept.plan), fresh: JSON.stringify(fresh.plan) };
}

test('a plan is made anew once to prove that other values may take their places, then never', () => {
  const { rules: counted, plans } = counter();
  const kept: string[] = [];
  for (let i = 300; i < 310; i += 1) {
    const made = plansFor({ c: `c${i}`, n: i }, counted);
    expect(made.kept).toBe(made.fresh);
    kept.push(made.kept);
  }
  expect(new Set(kept).size).toBe(10);
  const before = plans();
  expect(before).toBeGreaterThan(0);
  plansFor({ c: 'c320', n: 7 }, counted);
  expect(plans()).toBe(before);
});

test('values of another type, and values that are far more frequent, are planned for themselves', () => {
  const { rules: counted, plans } = counter();
  const rare = plansFor({ c: 'c301', n: 1 }, counted);
  plansFor({ c: 'c302', n: 2 }, counted);
  expect(rare.kept).toBe(rare.fresh);
  for (const values of [
    { c: 'often', n: 3 },
    { c: 5, n: 3 },
    { c: 'c303', n: null },
    { c: true, n: 3 },
  ]) {
    const before = plans();
    const made = plansFor(values, counted);
    expect(made.kept).toBe(made.fresh);
    expect(plans(), JSON.stringify(values)).toBeGreaterThan(before);
  }
});

test('a literal beside a parameter stays what it is', () => {
  const query: Query = { ...template, relation: filter(template.relation, cmp('!=', 'c', literal('x'))) };
  expect(parameterUses(query)).toEqual(uses);
});
