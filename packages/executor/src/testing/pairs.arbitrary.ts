import fc from 'fast-check';
import type { Relation } from '@drops/ir';
import { arbitraryConditions, arbitraryAggregated } from './indexed.arbitrary.js';
import { aggregate, field, group, joinOn, key, payload, scan } from './relations.fixture.js';
import { filterStep, sortStep, sliceStep, projectStep, maybe } from './steps.arbitrary.js';

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

/** Groups of rows or of pairs of which conditions leave some, and a sort perhaps the first. */
export function arbitraryChosenGroups(): fc.Arbitrary<Relation> {
  return fc
    .oneof(arbitraryAggregated(), arbitraryAggregated(), arbitraryGroupedPairs())
    .chain(maybe(filterStep))
    .chain((input) => fc.oneof(fc.constant(input), sortStep(input), sortStep(input).chain(sliceStep)));
}
