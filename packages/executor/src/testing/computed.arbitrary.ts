import fc from 'fast-check';
import type { Expression, Json, Relation } from '@drops/ir';
import {
  and,
  exists,
  field,
  filter,
  isIn,
  key,
  literal,
  not,
  or,
  payload,
  scan,
} from './relations.fixture.js';
import { span, names, arbitraryValue, sortStep, sliceStep, groupStep } from './steps.arbitrary.js';

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
