import fc from 'fast-check';
import type { Expression, Field, Relation } from '@drops/ir';
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
  joinOn,
  key,
  literal,
  or,
  payload,
  scan,
  slice,
  sort,
} from './relations.fixture.js';
import { span, arbitraryValue, filterStep, sortStep, sliceStep, projectStep } from './steps.arbitrary.js';

const indexedField = fc.constantFrom(payload('a'), payload('b'), payload('c'));

/** A condition that an index can answer. */
function arbitraryIndexTerm(): fc.Arbitrary<Expression> {
  const some = indexedField;
  const notNull = arbitraryValue.filter((v) => v !== null);
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(some, notNull).map(([f, v]) => compare(f, '=', v)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(some, fc.constantFrom('<', '<=', '>', '>='), notNull)
        .map(([f, op, v]) => compare(f, op, v)),
    },
    fc.tuple(some, fc.array(arbitraryValue, { maxLength: 3 })).map(([f, v]) => isIn(f, v)),
    some.map((f) => exists(f, true)),
    fc
      .tuple(some, fc.constantFrom('x', '', '1'))
      .map(([left, v]): Expression => ({ kind: 'Like', match: 'prefix', left, right: literal(v), span })),
  );
}

/** Some conditions over a route that indexes can answer. */
export const arbitraryConditions: fc.Arbitrary<Relation> = fc
  .array(arbitraryIndexTerm(), { minLength: 1, maxLength: 3 })
  .map((terms) => filter(scan('l'), terms.length === 1 ? (terms[0] ?? literal(true)) : and(...terms)));

/** Conditions over a route of which indexes answer several, all of them or any. */
export function arbitraryCombined(): fc.Arbitrary<Relation> {
  const terms = fc.array(arbitraryIndexTerm(), { minLength: 2, maxLength: 3 });
  const any = terms.map((some) => or(...some));
  const bound = (name: string) =>
    fc
      .tuple(fc.constantFrom('=', '<=', '>='), arbitraryValue)
      .filter(([, value]) => value !== null)
      .map(([op, value]) => compare(payload(name), op, value));
  const apart = fc.tuple(bound('a'), bound('c')).map((some) => and(...some));
  const mixed = fc.tuple(any, arbitraryIndexTerm()).map((some) => and(...some));
  return fc
    .oneof(
      terms.map((some) => and(...some)),
      any,
      mixed,
      apart,
    )
    .map((predicate) => filter(scan('l'), predicate))
    .chain((input) => fc.oneof(fc.constant(input), sortStep(input), sliceStep(input)));
}

/** Clauses as indexes answer them: conditions on some fields, a sort by others, a limit. */
export function arbitraryIndexed(): fc.Arbitrary<Relation> {
  const filtered = arbitraryConditions;
  const sorted = (input: Relation) =>
    fc
      .tuple(
        fc.uniqueArray(indexedField, { minLength: 1, maxLength: 2, selector: (f) => f.path[0] }),
        fc.boolean(),
      )
      .map(([fields, descending]) =>
        sort(input, ...fields.map((expression) => ({ expression, descending }))),
      );
  return fc
    .oneof(fc.constant(scan('l')), filtered, filtered)
    .chain((input) => fc.oneof(fc.constant(input), sorted(input), sorted(input)))
    .chain((input) => fc.option(fc.nat(8)).map((limit) => (limit === null ? input : slice(input, limit))));
}

/** Pages of a join whose sort and conditions read fields that mostly are the left drop's: those of route `p`, which has `a` in every drop. */
export function arbitraryJoinedPage(): fc.Arbitrary<Relation> {
  const [a, b] = [field('either', 'a'), field('either', 'b')];
  const either = fc.constantFrom(a, a, a, b);
  const notNull = arbitraryValue.filter((v) => v !== null);
  const term = fc
    .tuple(either, fc.constantFrom('=', '<', '<=', '>', '>=', '!='), notNull)
    .map(([f, op, v]) => compare(f, op, v));
  return fc
    .tuple(fc.constantFrom(true, false, false, false), fc.option(term), either, fc.boolean(), fc.nat(8))
    .map(([inner, condition, sorted, descending, limit]) => {
      const on: readonly [Field, Field] = [payload('ref'), field('joined', 'key')];
      const joined = joinOn(scan('p'), scan('r'), on, inner ? 'inner' : 'left');
      const kept = condition ? filter(joined, condition) : joined;
      return slice(sort(kept, { expression: sorted, descending }), limit);
    });
}

/** Counts of rows, of all that meet some conditions or by some fields. */
export function arbitraryCounted(): fc.Arbitrary<Relation> {
  const by = fc.option(fc.uniqueArray(indexedField, { maxLength: 2, selector: (f) => f.path[0] }), {
    freq: 2,
  });
  return fc
    .tuple(fc.oneof(fc.constant(scan('l')), arbitraryConditions), by)
    .map(([input, fields]) => group(input, fields, aggregate('count')));
}

/** Groups by fields that an index may have in their order, perhaps sorted by them, perhaps only the first. */
export function arbitraryGrouped(): fc.Arbitrary<Relation> {
  const by = fc.uniqueArray(indexedField, { minLength: 1, maxLength: 2, selector: (f) => f.path[0] });
  const functions = fc.subarray(['sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'] as const);
  return fc
    .tuple(fc.oneof(fc.constant(scan('l')), arbitraryConditions), by, functions, indexedField, fc.boolean())
    .map(([input, fields, fns, argument, sorted]) => {
      const grouped = group(input, fields, ...fns.map((fn) => aggregate(fn, argument)));
      const keys = fields.map(({ path }) => ({ expression: column(path.join('.')), descending: false }));
      return sorted ? sort(grouped, ...keys) : grouped;
    })
    .chain((input) => fc.oneof(fc.constant(input), sliceStep(input)));
}

/** Joins on fields that have an index, perhaps of the first rows, perhaps with conditions above. */
export function arbitraryJoined(): fc.Arbitrary<Relation> {
  return fc
    .tuple(
      fc.oneof(fc.constant(scan('l')), arbitraryConditions),
      indexedField,
      fc.constantFrom('a', 'b'),
      fc.boolean(),
    )
    .map(([left, on, right, inner]) =>
      joinOn(left, scan('r'), [on, field('joined', right)], inner ? 'inner' : 'left'),
    )
    .chain((input) => fc.oneof(fc.constant(input), filterStep(input)))
    .chain((input) => fc.oneof(fc.constant(input), sliceStep(input)));
}

/** Aggregates over one route, each of one field. */
export function arbitraryAggregated(): fc.Arbitrary<Relation> {
  const by = fc.option(
    fc.uniqueArray(fc.oneof(indexedField, fc.constant(key)), {
      minLength: 1,
      maxLength: 2,
      selector: (f) => f.path[0],
    }),
    { freq: 3 },
  );
  const argument = fc.constantFrom<Expression>(
    payload('a'),
    payload('b'),
    payload('a', 'p'),
    key,
    field('system', 'created_at'),
    { kind: 'Fn', name: 'len', args: [payload('a')], span },
    { kind: 'Arith', op: '*', left: payload('b'), right: literal(0.1), span },
  );
  const one = fc
    .tuple(fc.constantFrom('sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'), argument)
    .map(([fn, of]) => ({ ...aggregate(fn), argument: of }));
  const scalar = filter(scan('l'), compare({ kind: 'Fn', name: 'len', args: [payload('a')], span }, '<', 3));
  const source = fc.oneof(fc.constant(scan('l')), fc.constant(scalar), arbitraryConditions);
  return fc
    .tuple(source, by, fc.array(one, { maxLength: 2 }))
    .map(([input, fields, some]) =>
      group(input, fields, aggregate('count'), ...some.map((a, i) => ({ ...a, as: `x${i}` }))),
    )
    .chain((input) => fc.oneof(fc.constant(input), filterStep(input)));
}

/** A few fields of the rows of one route, of the first by some order or of all. */
export function arbitraryPicked(): fc.Arbitrary<Relation> {
  const source = fc.oneof(fc.constant(scan('l')), arbitraryConditions, filterStep(scan('l')));
  return source
    .chain((input) => fc.oneof(fc.constant(input), sortStep(input), sortStep(input).chain(sliceStep)))
    .chain(projectStep);
}
