import fc from 'fast-check';
import { rowShape, type Expression, type Field, type Json, type Relation, type SortKey } from '@drops/ir';
import {
  aggregate,
  and,
  column,
  compare,
  exists,
  field,
  filter,
  group,
  isIn,
  key,
  literal,
  not,
  or,
  payload,
  project,
  scan,
  slice,
  sort,
} from './relations.fixture.js';

export const span = { start: 0, end: 0 };
export const names = ['a', 'b', 'c'] as const;

/** Few values of every type, so that they meet. */
export const arbitraryValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Json>(0, 1, 2, 10, -1.5) },
  { weight: 3, arbitrary: fc.constantFrom<Json>('', 'x', 'xy', '10', 'k1', '\u{1f600}', '\uffee') },
  { weight: 1, arbitrary: fc.constantFrom<Json>(true, false, null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>([], [1], ['x', 1], { p: 1 }, { q: 2, p: 1 }, { p: { z: 1 } }),
  },
);

export const arbitraryPayload: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: fc.dictionary(fc.constantFrom(...names), arbitraryValue, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<Json>('just text', 7, [1, 2]) },
);

/** Fields that rows of this kind can be asked for. */
export function fieldsFor(relation: Relation): readonly Field[] {
  switch (rowShape(relation)) {
    case 'drop':
      return [...names.map((n) => payload(n)), payload('a', 'p'), key, field('system', 'created_at')];
    case 'joined':
      return [
        ...names.map((n) => field('either', n)),
        payload('a'),
        key,
        field('joined', 'b'),
        field('joined', 'key'),
      ];
    case 'flat':
      return columnsFor(relation).map(column);
  }
}

function columnsFor(relation: Relation): readonly string[] {
  switch (relation.kind) {
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return columnsFor(relation.input);
    case 'Group':
      return [...(relation.by ?? []).map((c) => c.as), ...relation.aggregates.map((a) => a.as)];
    case 'Project':
      return [
        ...(relation.star && rowShape(relation.input) !== 'flat' ? ['a', 'key'] : []),
        ...relation.items.map((i) => i.as),
      ];
    default:
      return [];
  }
}

function arbitraryTerm(fields: readonly Field[]): fc.Arbitrary<Expression> {
  const operand: fc.Arbitrary<Expression> = fc.constantFrom(...fields);
  const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
  const notNull = arbitraryValue.filter((v) => v !== null);
  return fc.oneof(
    fc.tuple(operand, operator, notNull).map(([f, op, v]) => compare(f, op, v)),
    fc
      .tuple(operand, operator, operand)
      .map(([left, op, right]): Expression => ({ kind: 'Cmp', op, left, right, span })),
    fc
      .tuple(operand, fc.array(arbitraryValue, { maxLength: 3 }), fc.boolean())
      .map(([f, v, n]) => isIn(f, v, n)),
    fc.tuple(operand, fc.boolean()).map(([f, n]) => exists(f, n)),
    fc
      .tuple(fc.constantFrom('contains', 'prefix', 'suffix'), operand, fc.constantFrom<Json>('x', '', 1))
      .map(([match, left, v]): Expression => ({ kind: 'Like', match, left, right: literal(v), span })),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%'), operand, fc.constantFrom(0, 1, 2), operator)
      .map(([op, left, n, cmp]) => compare({ kind: 'Arith', op, left, right: literal(n), span }, cmp, 2)),
    fc
      .tuple(fc.constantFrom('len', 'abs', 'floor', 'ceil'), operand, operator, fc.constantFrom(0, 1, 2))
      .map(([name, of, op, n]) => compare({ kind: 'Fn', name, args: [of], span }, op, n)),
    fc.tuple(fc.constantFrom('k1', 'k2', 'k9'), operator).map(([k, op]) => compare(fields[0] ?? key, op, k)),
    fc
      .tuple(fc.constantFrom<Json>(1, 2), operator, fc.constantFrom<Json>(1, 2))
      .map(([l, op, r]) => compare(literal(l), op, r)),
  );
}

function arbitraryPredicate(fields: readonly Field[]): fc.Arbitrary<Expression> {
  const term = arbitraryTerm(fields);
  const keyTerms: fc.Arbitrary<Expression>[] = fields.includes(key)
    ? [
        fc.constantFrom('k1', 'k2', 'nope').map((k) => compare(key, '=', k)),
        fc.subarray<Json>(['k1', 'k2', 'k3', null, 5]).map((ks) => isIn(key, ks)),
      ]
    : [];
  const leaf = fc.oneof(term, ...keyTerms);
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(leaf, { minLength: 2, maxLength: 3 }).map((terms) => and(...terms)) },
    { weight: 1, arbitrary: fc.array(leaf, { minLength: 2, maxLength: 3 }).map((terms) => or(...terms)) },
    { weight: 1, arbitrary: leaf.map(not) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => not(and(a, or(b, literal(false))))) },
  );
}

function arbitrarySort(fields: readonly Field[]): fc.Arbitrary<readonly SortKey[]> {
  const one = fc.record({ expression: fc.constantFrom(...fields), descending: fc.boolean() });
  return fc.array(one, { minLength: 1, maxLength: 2 });
}

export type Step = (input: Relation) => fc.Arbitrary<Relation>;

export const filterStep: Step = (input) => arbitraryPredicate(fieldsFor(input)).map((p) => filter(input, p));
export const sortStep: Step = (input) => arbitrarySort(fieldsFor(input)).map((keys) => sort(input, ...keys));
export const sliceStep: Step = (input) =>
  fc
    .tuple(fc.option(fc.nat(6), { nil: undefined }), fc.nat(3))
    .map(([limit, offset]) => slice(input, limit, offset));
export const projectStep: Step = (input) =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...fieldsFor(input)), {
        selector: (f) => f.path.join('.'),
        minLength: 1,
      }),
      fc.boolean(),
    )
    .map(([fields, star]) => project(input, star, ...fields));
export const groupStep: Step = (input) => {
  const fields = fieldsFor(input);
  const some = fc.uniqueArray(fc.constantFrom(...fields), {
    selector: (f) => f.path.join('.'),
    maxLength: 2,
  });
  const functions = fc.subarray(['sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'] as const);
  return fc
    .tuple(some, functions, fc.constantFrom(...fields), fc.boolean())
    .map(([by, fns, argument, global]) =>
      group(input, global ? null : by, aggregate('count'), ...fns.map((fn) => aggregate(fn, argument))),
    );
};
export const subqueryStep: Step = (input) => {
  const query = filterStep(scan('r')).map((r) => project(r, false, payload('a')));
  return fc
    .tuple(query, fc.constantFrom(...fieldsFor(input)), fc.boolean())
    .map(([q, operand, negated]) => filter(input, { kind: 'InQuery', operand, query: q, negated, span }));
};

/** The step, or none. */
export const maybe =
  (step: Step): Step =>
  (input) =>
    fc.oneof(fc.constant(input), step(input));
