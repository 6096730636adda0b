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
  joinOn,
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

const span = { start: 0, end: 0 };
const names = ['a', 'b', 'c'] as const;

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
function fieldsFor(relation: Relation): readonly Field[] {
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

type Step = (input: Relation) => fc.Arbitrary<Relation>;

const filterStep: Step = (input) => arbitraryPredicate(fieldsFor(input)).map((p) => filter(input, p));
const sortStep: Step = (input) => arbitrarySort(fieldsFor(input)).map((keys) => sort(input, ...keys));
const sliceStep: Step = (input) =>
  fc
    .tuple(fc.option(fc.nat(6), { nil: undefined }), fc.nat(3))
    .map(([limit, offset]) => slice(input, limit, offset));
const projectStep: Step = (input) =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...fieldsFor(input)), {
        selector: (f) => f.path.join('.'),
        minLength: 1,
      }),
      fc.boolean(),
    )
    .map(([fields, star]) => project(input, star, ...fields));
const groupStep: Step = (input) => {
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
const subqueryStep: Step = (input) => {
  const query = filterStep(scan('r')).map((r) => project(r, false, payload('a')));
  return fc
    .tuple(query, fc.constantFrom(...fieldsFor(input)), fc.boolean())
    .map(([q, operand, negated]) => filter(input, { kind: 'InQuery', operand, query: q, negated, span }));
};

const arbitrarySource: fc.Arbitrary<Relation> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('all', 'entities').map((rows) => scan('l', { rows })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(payload('a'), payload('b'), key),
        fc.constantFrom('a', 'key'),
        fc.boolean(),
        fc.boolean(),
      )
      .chain(([left, right, inner, narrow]) =>
        (narrow ? filterStep(scan('l')) : fc.constant(scan('l'))).map((l) =>
          joinOn(l, scan('r'), [left, field('joined', right)], inner ? 'inner' : 'left'),
        ),
      ),
  },
);

/** A query of a few steps over routes `l` and `r`. */
export const arbitraryRelation: fc.Arbitrary<Relation> = fc
  .tuple(
    arbitrarySource,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(filterStep) },
        { weight: 2, arbitrary: fc.constant(sortStep) },
        { weight: 2, arbitrary: fc.constant(sliceStep) },
        { weight: 2, arbitrary: fc.constant(projectStep) },
        { weight: 1, arbitrary: fc.constant(groupStep) },
        { weight: 1, arbitrary: fc.constant(subqueryStep) },
      ),
      { maxLength: 4 },
    ),
  )
  .chain(([source, steps]) =>
    steps.reduce<fc.Arbitrary<Relation>>((made, step) => made.chain(step), fc.constant(source)),
  );

/** What clauses make, before a page: a source, perhaps filtered, grouped and sorted. */
export const arbitraryClauses: fc.Arbitrary<Relation> = fc
  .tuple(arbitrarySource, fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.boolean())
  .chain(([source, filtered, grouped, sorted]) => {
    const steps = [
      ...(filtered ? [filterStep] : []),
      ...(grouped === 0 ? [groupStep] : []),
      ...(sorted ? [sortStep] : []),
    ];
    return steps.reduce<fc.Arbitrary<Relation>>((made, step) => made.chain(step), fc.constant(source));
  });

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
const arbitraryConditions: fc.Arbitrary<Relation> = fc
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

/** Pairs of rows of two routes, perhaps some of them. */
function arbitraryPairs(): fc.Arbitrary<Relation> {
  const sides = fc.tuple(
    fc.oneof(fc.constant(scan('l')), arbitraryConditions, filterStep(scan('l', { rows: 'entities' }))),
    fc.oneof(fc.constant(scan('r')), filterStep(scan('r'))),
  );
  const on = fc.tuple(fc.constantFrom(payload('a'), payload('b'), key), fc.constantFrom('a', 'key', 'b'));
  return fc
    .tuple(sides, on, fc.constantFrom('left', 'inner'), fc.boolean())
    .chain(([[left, right], [own, other], join, filtered]) => {
      const pairs = joinOn(left, right, [own, field('joined', other)], join);
      return filtered ? filterStep(pairs) : fc.constant(pairs);
    });
}

/** The step, or none. */
const maybe =
  (step: Step): Step =>
  (input) =>
    fc.oneof(fc.constant(input), step(input));

/** The first pairs by some fields of either side, or in their order those that meet conditions; perhaps only some fields of them. */
export function arbitraryFirstPairs(): fc.Arbitrary<Relation> {
  const first = (input: Relation) => sortStep(input).chain(sliceStep);
  const some = (input: Relation) => filterStep(input).chain(maybe(sliceStep));
  return arbitraryPairs()
    .chain((input) => fc.oneof(first(input), some(input)))
    .chain((input) => fc.oneof(fc.constant(input), fc.constant(input), projectStep(input)));
}

/** Groups of pairs, perhaps of some of them, by fields of either side. */
export function arbitraryGroupedPairs(): fc.Arbitrary<Relation> {
  const fields = [field('either', 'a'), field('either', 'a', 'p'), payload('b'), field('joined', 'b'), key];
  const one = fc
    .tuple(
      fc.constantFrom('sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'),
      fc.constantFrom(...fields, field('joined', 'key')),
    )
    .map(([fn, of]) => ({ ...aggregate(fn), argument: of }));
  return arbitraryPairs().chain((input) =>
    fc
      .tuple(
        fc.option(fc.subarray(fields, { minLength: 1, maxLength: 2 }), { freq: 3 }),
        fc.array(one, { maxLength: 2 }),
      )
      .map(([by, some]) =>
        group(input, by, aggregate('count'), ...some.map((a, i) => ({ ...a, as: `x${i}` }))),
      ),
  );
}

/** Texts and numbers at which functions part ways. */
const arbitraryOddValue: fc.Arbitrary<Json> = fc.oneof(
  arbitraryValue,
  fc.constantFrom<Json>('Å', 'ΑΣ', 'İ', 'ß', 'X', ' x\u00a0', '\u3000x', '\ufeff', '\u001fx', '\u0085x'),
  fc.constantFrom<Json>('2026-02-28', '2026-02-29', '2024-02-29T10:00:00Z', '2026-01-01 10:00', '2026-13-01'),
  fc.constantFrom<Json>(
    0.49999999999999994,
    0.5,
    -0.5,
    1.5,
    -2.5,
    2 ** 53,
    -(2 ** 53) - 2,
    1e300,
    5e-324,
    0.3,
  ),
);

/** A payload of such values. */
export const arbitraryOddPayload: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom(...names),
  arbitraryOddValue,
  { maxKeys: 3 },
);

/** Conditions with functions and of two fields, over a route, its groups or its first rows. */
export function arbitraryComputed(): fc.Arbitrary<Relation> {
  const fields = [...names.map((n) => payload(n)), payload('a', 'p'), key, field('system', 'created_at')];
  const operand: fc.Arbitrary<Expression> = fc.constantFrom<Expression>(...fields);
  const call = (
    name: Extract<Expression, { kind: 'Fn' }>['name'],
    ...args: readonly Expression[]
  ): Expression => ({
    kind: 'Fn',
    name,
    args,
    span,
  });
  const computed = fc.oneof(
    { weight: 1, arbitrary: operand },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('lower', 'upper', 'trim', 'date', 'round', 'floor', 'ceil', 'abs', 'len'),
          operand,
        )
        .map(([name, of]) => call(name, of)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(operand, operand, arbitraryOddValue)
        .map(([a, b, c]) => call('coalesce', a, b, literal(c))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('+', '-', '*', '/', '%'),
          operand,
          fc.oneof(operand, fc.constantFrom(literal(2), literal(0.1), literal(-3))),
        )
        .map(([op, left, right]): Expression => ({ kind: 'Arith', op, left, right, span })),
    },
  );
  const nested = fc.oneof(
    { weight: 3, arbitrary: computed },
    { weight: 1, arbitrary: computed.map((of) => call('lower', call('trim', of))) },
    { weight: 1, arbitrary: computed.map((of) => call('round', of)) },
  );
  const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
  const term = fc.oneof(
    fc
      .tuple(nested, operator, fc.oneof(nested, arbitraryOddValue.filter((v) => v !== null).map(literal)))
      .map(([left, op, right]): Expression => ({ kind: 'Cmp', op, left, right, span })),
    fc
      .tuple(nested, fc.array(arbitraryOddValue, { maxLength: 3 }), fc.boolean())
      .map(([f, v, n]) => isIn(f, v, n)),
    fc.tuple(nested, fc.boolean()).map(([f, n]) => exists(f, n)),
    fc
      .tuple(fc.constantFrom('contains', 'prefix', 'suffix'), nested, fc.constantFrom<Json>('x', 'ss', 'å'))
      .map(([match, left, v]): Expression => ({ kind: 'Like', match, left, right: literal(v), span })),
  );
  const predicate = fc.oneof(
    term,
    term.map(not),
    fc.tuple(term, term).map(([a, b]) => and(a, b)),
    fc.tuple(term, term).map(([a, b]) => or(a, not(b))),
  );
  return predicate
    .map((p) => filter(scan('o'), p))
    .chain((input) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(input) },
        { weight: 1, arbitrary: sortStep(input).chain(sliceStep) },
        { weight: 1, arbitrary: groupStep(input) },
      ),
    );
}

/** Groups of rows or of pairs of which conditions leave some, and a sort perhaps the first. */
export function arbitraryChosenGroups(): fc.Arbitrary<Relation> {
  return fc
    .oneof(arbitraryAggregated(), arbitraryAggregated(), arbitraryGroupedPairs())
    .chain(maybe(filterStep))
    .chain((input) => fc.oneof(fc.constant(input), sortStep(input), sortStep(input).chain(sliceStep)));
}
