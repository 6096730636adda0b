import fc from 'fast-check';
import type { Relation } from '@drops/ir';
import { field, joinOn, key, payload, scan } from './relations.fixture.js';
import { filterStep, sortStep, sliceStep, projectStep, groupStep, subqueryStep } from './steps.arbitrary.js';

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
