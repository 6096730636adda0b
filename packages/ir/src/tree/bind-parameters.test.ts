import { DropsError } from '@drops/diagnostics';
import { describe, expect, it } from 'vitest';
import type { NumberArgument } from '../nodes/relational.js';
import type { Plan, Put, Query } from '../nodes/plans.js';
import type { Json } from '../values/json.js';
import { bindExpression, bindLate, bindParameters } from './bind-parameters.js';
import { at, cmp, field, filter, lit, param, scan } from './nodes.fixture.js';
import { planText } from './plan-text.js';

const values = (record: Record<string, Json>) => new Map(Object.entries(record));

function put(changes: Partial<Put>): Put {
  return {
    kind: 'Put',
    route: 'r',
    key: 'k',
    payload: lit({}),
    mode: 'replace',
    open: false,
    span: at,
    ...changes,
  };
}
function codeOf(plan: Plan, record: Record<string, Json>): readonly [string, unknown] {
  try {
    bindParameters(plan, values(record));
  } catch (thrown) {
    if (thrown instanceof DropsError) return [thrown.diagnostic.code, thrown.diagnostic.span];
    throw thrown;
  }
  return ['none', undefined];
}
const page = (limit: NumberArgument): Plan => ({
  kind: 'Query',
  shape: 'rows',
  relation: { kind: 'Slice', input: scan('r'), offset: 0, limit, single: false, paged: true, span: at },
  span: at,
});

describe('binding', () => {
  it('leaves a plan without parameters as it is', () => {
    const plan = page(3);
    expect(bindParameters(plan, values({ x: 1 }))).toBe(plan);
  });

  it('puts values in place of parameters everywhere', () => {
    const plan: Plan = {
      kind: 'Query',
      shape: 'rows',
      relation: filter(scan('r'), cmp('>', field('a'), param('x'))),
      span: at,
    };
    expect(planText(bindParameters(plan, values({ x: 3 })))).toBe('Query rows\n  Filter a > 3\n    Scan r');
    expect(planText(bindParameters(page(param('n')), values({ n: 5 })))).toContain('limit 5');
    const write = put({ key: param('id'), payload: param('p'), ttl: param('t') });
    expect(planText(bindParameters(write, values({ id: 'x', p: { a: 1 }, t: 60 })))).toBe(
      'Put replace r @"x" {"a":1} keep 60',
    );
  });

  it('makes a null the literal null', () => {
    expect(bindExpression(cmp('=', field('a'), param('x')), values({ x: null }))).toMatchObject({
      kind: 'Exists',
      negated: true,
    });
    expect(bindExpression(cmp('!=', param('x'), field('a')), values({ x: null }))).toMatchObject({
      kind: 'Exists',
      negated: false,
    });
  });

  it('folds lists and objects', () => {
    const list = { kind: 'List', items: [lit(1), param('x')], span: at } as const;
    expect(
      bindExpression({ kind: 'In', operand: field('a'), list, negated: false, span: at }, values({ x: 2 })),
    ).toMatchObject({ list: { kind: 'Lit', value: [1, 2] } });
    const object = { kind: 'Object', members: [{ name: '__proto__', value: param('x') }], span: at } as const;
    expect(JSON.stringify(bindExpression(object, values({ x: 1 })))).toContain('{"__proto__":1}');
  });

  it('names what is missing', () => {
    expect(codeOf(page(param('n')), {})).toEqual(['UNKNOWN_PARAMETER', at]);
    expect(() => bindParameters(page(param('limt')), values({ limit: 1 }))).toThrow('$limt');
  });

  it.each<readonly [Plan, Record<string, Json>, string]>([
    [page(param('n')), { n: '5' }, 'TYPE_ERROR'],
    [page(param('n')), { n: -1 }, 'TYPE_ERROR'],
    [page(param('n')), { n: 1.5 }, 'TYPE_ERROR'],
    [put({ key: param('k') }), { k: 3 }, 'TYPE_ERROR'],
    [put({ key: param('k') }), { k: 'a b' }, 'INVALID_KEY'],
    [put({ ttl: param('t') }), { t: 0 }, 'TYPE_ERROR'],
    [put({ payload: param('p') }), { p: Infinity }, 'TYPE_ERROR'],
    [put({ payload: param('p') }), { p: 'a\ud800' }, 'TYPE_ERROR'],
    [put({ payload: param('p'), mode: 'merge' }), { p: [1] }, 'TYPE_ERROR'],
    [
      { kind: 'Put', route: 'r', payload: param('p'), mode: 'append', open: false, span: at },
      { p: null },
      'KEY_REQUIRED',
    ],
    [
      {
        kind: 'Query',
        shape: 'rows',
        relation: filter(scan('r'), {
          kind: 'In',
          operand: field('a'),
          list: param('l'),
          negated: false,
          span: at,
        }),
        span: at,
      },
      { l: 3 },
      'TYPE_ERROR',
    ],
  ])('refuses values that cannot stand there (%#)', (plan, record, code) => {
    expect(codeOf(plan, record)).toEqual([code, at]);
  });

  it('takes only a key for the key of a get', () => {
    const key = { ...field('key', 'system') };
    const get: Plan = {
      kind: 'Query',
      shape: 'versions',
      relation: filter(scan('r'), cmp('=', key, param('k'))),
      span: at,
    };
    expect(codeOf(get, { k: 'a' })[0]).toBe('none');
    expect(codeOf(get, { k: 'a b' })[0]).toBe('INVALID_KEY');
    expect(codeOf(get, { k: null })[0]).toBe('TYPE_ERROR');
    expect(codeOf({ ...get, shape: 'rows' }, { k: 3 })[0]).toBe('none');
  });

  it('binds the key of a get alone as it does within a plan', () => {
    const key = { ...field('key', 'system') };
    const get = (offset: NumberArgument): Plan => ({
      kind: 'Query',
      shape: 'drop',
      relation: {
        kind: 'Slice',
        input: filter(scan('r'), cmp('=', key, param('k'))),
        offset,
        limit: 1,
        single: true,
        paged: false,
        span: at,
      },
      span: at,
    });
    const slots = new Set(['k']);
    // A second parameter makes it a plan like any other.
    const whole = bindParameters(get(param('n')), values({ k: 'a', n: 0 }), slots);
    expect(bindParameters(get(0), values({ k: 'a' }), slots)).toEqual(whole);
    expect(codeOf(get(0), { k: 'a b' })).toEqual(['INVALID_KEY', at]);
    expect(codeOf(get(0), { k: 'a\ud800' })[0]).toBe('TYPE_ERROR');
    expect(codeOf(get(0), { k: 3 })[0]).toBe('TYPE_ERROR');
    expect(codeOf(get(0), {})[0]).toBe('UNKNOWN_PARAMETER');
  });

  it('turns a null payload into a removal, inside a bulk too', () => {
    const batch: Plan = { kind: 'Batch', operations: [put({ payload: param('p') })], span: at };
    expect(planText(bindParameters(batch, values({ p: null })))).toBe('Batch\n  Delete r @"k"');
  });

  it('stores -0 as 0', () => {
    const bound = bindParameters(put({ payload: param('p') }), values({ p: { a: -0 } }));
    expect(bound.kind === 'Put' && bound.payload.kind === 'Lit' && JSON.stringify(bound.payload.value)).toBe(
      '{"a":0}',
    );
  });
});

describe('binding late', () => {
  const open: Query = {
    kind: 'Query',
    shape: 'rows',
    relation: filter(scan('r'), cmp('=', field('n'), param('a'))),
    span: at,
  };
  const slots = new Set(['a']);

  it.each([5, 0, 'text', ''])('puts %j where it is put at once', (value) => {
    const given = values({ a: value });
    const late = bindLate(open, given, slots);
    expect({ ...late, relation: late?.relation }).toEqual(bindParameters(open, given, slots));
    expect(late?.relation).toBe(late?.relation);
  });

  it.each([null, true, [1], { b: 1 }, Infinity, '\ud800'])('is not for %j', (value) => {
    expect(bindLate(open, values({ a: value }), slots)).toBeUndefined();
  });

  it('is not for a value that is missing, nor for a key', () => {
    expect(bindLate(open, values({}), slots)).toBeUndefined();
    expect(bindLate({ ...open, shape: 'drop' }, values({ a: 'k' }), slots)).toBeUndefined();
  });
});
