import { describe, expect, it } from 'vitest';
import type { Expression, Relation } from '../nodes/relational.js';
import type { Plan } from '../nodes/plans.js';
import { andOf, comparison, conjuncts } from './conditions.js';
import { equalPlans, stripSpans } from './equal-plans.js';
import { checkInvariants } from './invariants.js';
import { at, cmp, field, filter, lit, param, scan } from './nodes.fixture.js';
import { respan } from './respan.js';
import { rewriteExpression, rewriteRelation } from './rewrite.js';
import { columnsOf, rowShape } from './row-shape.js';
import { typeOf } from './type-of.js';
import { walk } from './walk.js';

const a = cmp('=', field('a'), lit(1));
const b = cmp('>', field('b'), param('x'));
const and: Expression = { kind: 'And', terms: [a, b], span: at };
const inQuery: Expression = {
  kind: 'InQuery',
  operand: field('c'),
  query: filter(scan('s'), a),
  negated: false,
  span: at,
};
const query = (relation: Relation): Plan => ({ kind: 'Query', shape: 'rows', relation, span: at });

describe('walk', () => {
  const kinds = (
    root: Parameters<typeof walk>[0],
    step: (kind: string) => ReturnType<Parameters<typeof walk>[1]>,
  ) => {
    const seen: string[] = [];
    const done = walk(root, (node) => {
      seen.push(node.kind);
      return step(node.kind);
    });
    return { seen, done };
  };

  it('visits parents first, left to right, parameters too', () => {
    expect(kinds(query(filter(scan('r'), and)), () => undefined)).toEqual({
      seen: ['Query', 'Filter', 'Scan', 'And', 'Cmp', 'Field', 'Lit', 'Cmp', 'Field', 'Param'],
      done: true,
    });
  });

  it('skips and stops', () => {
    expect(kinds(and, (k) => (k === 'Cmp' ? 'skip' : undefined)).seen).toEqual(['And', 'Cmp', 'Cmp']);
    expect(kinds(and, (k) => (k === 'Field' ? 'stop' : undefined))).toEqual({
      seen: ['And', 'Cmp', 'Field'],
      done: false,
    });
  });

  it('goes into queries inside expressions', () => {
    expect(kinds(inQuery, () => undefined).seen).toEqual([
      'InQuery',
      'Field',
      'Filter',
      'Scan',
      'Cmp',
      'Field',
      'Lit',
    ]);
  });
});

describe('rewrite', () => {
  it('gives the same object when nothing changed', () => {
    const relation = filter(scan('r'), and);
    expect(rewriteRelation(relation, { expression: (e) => e, relation: (r) => r })).toBe(relation);
    expect(rewriteRelation(relation, { relation: (r) => r }, 'top-down')).toBe(relation);
  });

  it('shares what it did not touch', () => {
    const changed = rewriteExpression(and, { expression: (e) => (e.kind === 'Param' ? lit(2) : e) });
    expect(changed).not.toBe(and);
    expect(changed.kind === 'And' && changed.terms[0]).toBe(a);
  });

  it('sees children rewritten first when bottom-up, and descends into results when top-down', () => {
    const twice = filter(filter(scan('r'), a), b);
    const merge = (r: Relation): Relation =>
      r.kind === 'Filter' && r.input.kind === 'Filter'
        ? filter(r.input.input, andOf([r.input.predicate, r.predicate], at))
        : r;
    const merged = rewriteRelation(twice, { relation: merge });
    expect(merged.kind === 'Filter' && merged.input.kind).toBe('Scan');
    expect(rewriteRelation(twice, { relation: merge }, 'top-down')).toEqual(merged);
  });
});

describe('conditions', () => {
  it('flatten', () => {
    expect(conjuncts(and)).toEqual([a, b]);
    expect(andOf([and, a], at)).toMatchObject({ kind: 'And', terms: [a, b, a] });
    expect(andOf([a], at)).toBe(a);
    expect(andOf([], at)).toMatchObject({ kind: 'Lit', value: true });
  });
  it('with null are tests for existence', () => {
    expect(comparison('=', field('a'), lit(null), at)).toMatchObject({ kind: 'Exists', negated: true });
    expect(comparison('<', field('a'), lit(null), at)).toMatchObject({ kind: 'Cmp' });
  });
});

describe('shapes', () => {
  const join: Relation = { kind: 'Join', join: 'left', left: scan('r'), right: scan('s'), on: [], span: at };
  const group: Relation = {
    kind: 'Group',
    input: scan('r'),
    by: [{ expression: field('city'), as: 'city' }],
    aggregates: [{ fn: 'count', as: 'count', span: at }],
    span: at,
  };
  const star = (input: Relation): Relation => ({
    kind: 'Project',
    input,
    star: true,
    items: [{ expression: lit(1), as: 'one' }],
    span: at,
  });
  it('follow from the tree', () => {
    expect([scan('r'), join, group, filter(group, a), star(scan('r'))].map(rowShape)).toEqual([
      'drop',
      'joined',
      'flat',
      'flat',
      'flat',
    ]);
    expect(columnsOf(group)).toEqual({ names: ['city', 'count'], open: false });
    expect(columnsOf(star(group))).toEqual({ names: ['city', 'count', 'one'], open: false });
    expect(columnsOf(star(scan('r')))).toEqual({ names: ['key', 'one'], open: true });
    expect(columnsOf(join)).toBeUndefined();
  });

  it('decide what fields may look at', () => {
    expect(() => checkInvariants(query(filter(scan('r'), and)))).not.toThrow();
    expect(() => checkInvariants(query(filter(scan('r'), and)), 'executable')).toThrow('parameter');
    expect(() => checkInvariants(query(filter(group, a)))).toThrow('payload field');
    expect(() => checkInvariants(query(filter(group, cmp('=', field('cities', 'column'), lit(1)))))).toThrow(
      'no column',
    );
    expect(() => checkInvariants(query(filter(scan('r'), cmp('=', field('a', 'either'), lit(1)))))).toThrow(
      'either',
    );
    expect(() =>
      checkInvariants(query(filter(group, { ...inQuery, operand: field('city', 'column') }))),
    ).not.toThrow();
  });

  it('types follow from the node', () => {
    expect([lit(1), lit('x'), lit(null), lit([]), a, param('x')].map(typeOf)).toEqual([
      'number',
      'text',
      'unknown',
      'array',
      'boolean',
      'unknown',
    ]);
  });
});

describe('spans', () => {
  it('leave no trace in a comparison of plans', () => {
    const moved = respan(filter(scan('r'), inQuery), { start: 90, end: 99 });
    expect(JSON.stringify(moved)).not.toContain('"start":3');
    expect(equalPlans(moved, filter(scan('r'), inQuery))).toBe(true);
    expect(equalPlans(scan('r'), scan('s'))).toBe(false);
  });
  it('are taken out, but a span that is data stays', () => {
    expect(stripSpans(lit({ span: 1, kind: 'Lit', value: { span: 2 } }))).toEqual({
      kind: 'Lit',
      value: { span: 1, kind: 'Lit', value: { span: 2 } },
    });
  });
});
