import { describe, expect, test } from 'vitest';
import type { Expression, FunctionName, Json, StoredDrop } from '@drops/ir';
import { dropRow, showRow, type Row } from '../row.js';
import {
  and,
  compare,
  exists,
  field,
  isIn,
  key,
  literal,
  not,
  payload,
} from '../testing/relations.fixture.js';
import { compileExpression, compilePredicate } from './compile.js';

const span = { start: 0, end: 0 };
const context = { now: Date.parse('2026-03-01T10:00:00Z'), answers: new Map() };

function dropOf(value: Json, more: Partial<StoredDrop> = {}): StoredDrop {
  return {
    drop_id: 'd',
    route: 'r',
    key: 'k',
    source: null,
    payload: value,
    created_at: '2026-01-01T00:00:00.000Z',
    version: 1,
    tx: 1,
    ...more,
  };
}
const row = (value: Json): Row => dropRow(dropOf(value));
const valueOf = (e: Expression, r: Row) => compileExpression(e, context)(r);
const holds = (e: Expression, r: Row) => compilePredicate(e, context)(r);
const call = (name: FunctionName, ...args: readonly Expression[]): Expression => ({
  kind: 'Fn',
  name,
  args,
  span,
});

describe('fields', () => {
  test('of the payload: nested, in lists, and by names that objects inherit', () => {
    const r = row(JSON.parse('{"a":{"b":[1,{"c":2}]},"__proto__":3,"length":4}'));
    expect(valueOf(payload('a', 'b', 1, 'c'), r)).toBe(2);
    expect(valueOf(payload('__proto__'), r)).toBe(3);
    expect(valueOf(payload('constructor'), r)).toBeUndefined();
    expect(valueOf(payload('a', 'b', 'length'), r)).toBeUndefined();
  });

  test('of a payload that is no object are missing; it is the column payload', () => {
    expect(valueOf(payload('length'), row('text'))).toBeUndefined();
    expect(valueOf(payload('payload'), row('text'))).toBe('text');
    expect(valueOf(payload('payload'), row({ payload: 1 }))).toBe(1);
  });

  test('of the system', () => {
    expect(valueOf(key, row({ key: 'mine' }))).toBe('k');
    expect(valueOf(payload('key'), row({ key: 'mine' }))).toBe('mine');
    expect(valueOf(field('system', 'route'), row({}))).toBe('r');
    expect(valueOf(field('system', 'source'), row({}))).toBeNull();
  });

  test('after a join: left first, then right; null on the left is a value', () => {
    const joined: Row = { ...row({ a: 1, n: null }), right: row({ a: 2, b: 3, n: 4 }) };
    expect(valueOf(field('either', 'a'), joined)).toBe(1);
    expect(valueOf(field('either', 'b'), joined)).toBe(3);
    expect(valueOf(field('either', 'n'), joined)).toBeNull();
    expect(valueOf(field('joined', 'a'), joined)).toBe(2);
    expect(valueOf(field('joined', 'key'), joined)).toBe('k');
    expect(valueOf(field('either', 'b'), row({ a: 1 }))).toBeUndefined();
    expect(showRow(joined)).toMatchObject({ payload: { a: 1 }, _joined: { a: 2, b: 3, n: 4, key: 'k' } });
    expect(showRow({ ...row({}), right: row('text') })).toMatchObject({
      _joined: { payload: 'text', key: 'k' },
    });
  });
});

describe('predicates are two-valued', () => {
  const old = compare(payload('age'), '>', 40);
  test('a comparison with nothing is false, its negation true', () => {
    expect(holds(old, row({}))).toBe(false);
    expect(holds(not(old), row({}))).toBe(true);
    expect(holds(not(old), row({ age: 50 }))).toBe(false);
    expect(holds(compare(payload('age'), '!=', 1), row({}))).toBe(false);
    expect(holds(compare(payload('age'), '!=', 1), row({ age: '1' }))).toBe(true);
    expect(holds(compare(payload('age'), '=', 'x'), row({ age: 'x' }))).toBe(true);
  });
  test('in: null and missing are in a list with null, and in no negated one', () => {
    expect(holds(isIn(payload('a'), [null]), row({}))).toBe(true);
    expect(holds(isIn(payload('a'), [1, { x: 1 }]), row({ a: { x: 1 } }))).toBe(true);
    expect(holds(isIn(payload('a'), ['1']), row({ a: 1 }))).toBe(false);
    expect(holds(isIn(payload('a'), [1], true), row({}))).toBe(false);
    expect(holds(isIn(payload('a'), [1], true), row({ a: 2 }))).toBe(true);
  });
  test('exists, and values that are only true when they are true', () => {
    expect(holds(exists(payload('a')), row({ a: null }))).toBe(false);
    expect(holds(exists(payload('a')), row({ a: false }))).toBe(true);
    expect(holds(payload('a'), row({ a: 1 }))).toBe(false);
    expect(holds(payload('a'), row({ a: true }))).toBe(true);
    expect(
      holds(and(exists(payload('a')), exists(payload('b')), exists(payload('c'))), row({ a: 1, b: 1, c: 1 })),
    ).toBe(true);
  });
});

describe('computed values', () => {
  test('now is the clock of the statement', () => {
    expect(valueOf(call('now'), row({}))).toBe('2026-03-01T10:00:00.000Z');
  });
  test('functions read their arguments from the row', () => {
    expect(valueOf(call('coalesce', payload('a'), payload('b')), row({ a: null, b: 2 }))).toBe(2);
    expect(valueOf(call('len', payload('a')), row({ a: 'xyz' }))).toBe(3);
  });
  test('lists and objects hold null for what is missing', () => {
    const list: Expression = { kind: 'List', items: [payload('a'), literal(1)], span };
    expect(valueOf(list, row({}))).toEqual([null, 1]);
  });
  test('a list that is none is refused when the plan is opened', () => {
    expect(() =>
      compilePredicate({ kind: 'In', operand: key, list: literal('x'), negated: false, span }, context),
    ).toThrow('needs a list');
  });
});
