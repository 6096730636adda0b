import fc, { type Arbitrary } from 'fast-check';
import type {
  FieldName,
  KeyName,
  Name,
  NumberArgument,
  ObjectValue,
  Operand,
  RouteName,
  TextArgument,
  Value,
} from '../ast/index.js';
import { keywordTable } from '../keywords.js';

export const span = { start: 0, end: 0 };
export const keywords = [...keywordTable.keys()];

/** Drops the keys that are undefined, so that trees compare as the parser makes them. */
export function compact<T extends object>(node: T): T {
  const copy = { ...node };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}

export function maybe<T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

export const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      'a',
      "it's",
      'say "hi"',
      `both ' and "`,
      '\\',
      '\\n',
      'a\nb',
      '\r\n\t',
      '\u0000',
      '--x',
      ';',
      '$name',
      '😀',
      '@a',
      '"',
      "'",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
/** A word: a keyword as often as not, for none of them is reserved. */
export const word = fc.oneof(
  fc.constantFrom(...keywords),
  fc.stringMatching(/^[a-z_][A-Za-z0-9_]{0,5}$/),
  fc.constantFrom('daily-report', '9am', '2026-01-01', 'a.b'),
);
export const segment = fc
  .oneof(
    word.map((w) => w.replace('.', '_')),
    fc.stringMatching(/^[A-Za-z0-9_.-]{1,6}$/),
  )
  .filter((s) => !/^\.{1,2}$/.test(s));
export const memberName = fc.oneof(
  word,
  text,
  fc.constantFrom('$gte', '$embed', '__proto__', 'constructor', '1', 'a b'),
);

export const path: Arbitrary<string> = fc.oneof(
  fc
    .array(segment, { minLength: 2, maxLength: 4 })
    .map((parts) => parts.join('/'))
    .filter((one) => !one.startsWith('--')),
  word,
  fc.constantFrom('2024', '1.5', '.hidden'),
);
export const quotedPath = fc.oneof(path, segment, fc.constantFrom('-a', 'a-', '--x/y'));
export const route: Arbitrary<RouteName> = fc.record({
  kind: fc.constant('RouteName' as const),
  path: quotedPath,
  subtree: fc.boolean(),
  span: fc.constant(span),
});
/** A route that can stand without quotes. */
export const bareRoute: Arbitrary<RouteName> = path.map((one) => ({
  kind: 'RouteName',
  path: one,
  subtree: false,
  span,
}));
export const parameter = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,4}$/)
  .map((name) => ({ kind: 'Parameter' as const, name, span }));
export const key: Arbitrary<KeyName> = fc
  .oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9_./-]{1,8}$/), parameter)
  .map((one) => ({ kind: 'KeyName', key: one, span }));
export const name: Arbitrary<Name> = word.map((one) => ({ kind: 'Name', text: one, span }));
export const stringValue = text.map((value) => ({ kind: 'StringValue' as const, value, span }));
export const anyText: Arbitrary<TextArgument> = fc.oneof(stringValue, parameter);
export const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1e21, 1e-7, 0.1, 5e-324, 1.7976931348623157e308),
  )
  .map((value) => ({ kind: 'NumberValue' as const, value: value === 0 ? 0 : value, span }));
export const whole: Arbitrary<NumberArgument> = fc.oneof(
  fc.nat().map((value) => ({ kind: 'NumberValue' as const, value, span })),
  parameter,
);
export const top: Arbitrary<NumberArgument> = fc.oneof(
  fc.nat(1000).map((value) => ({ kind: 'NumberValue' as const, value, span })),
  parameter,
);
export const amount: Arbitrary<NumberArgument> = fc.oneof(number, parameter);

export const { value, object } = fc.letrec<{ value: Value; object: ObjectValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    stringValue,
    number,
    fc.boolean().map((one) => ({ kind: 'BooleanValue' as const, value: one, span })),
    fc.constant({ kind: 'NullValue' as const, span }),
    parameter,
    fc
      .array(tie('value'), { maxLength: 3, depthIdentifier: 'value' })
      .map((items) => ({ kind: 'ArrayValue' as const, items, span })),
    tie('object'),
  ),
  object: fc
    .array(fc.record({ name: memberName, value: tie('value'), span: fc.constant(span) }), {
      maxLength: 3,
      depthIdentifier: 'value',
    })
    .map((members) => ({ kind: 'ObjectValue', members, span })),
}));
export const list = fc
  .array(value, { maxLength: 3 })
  .map((items) => ({ kind: 'ArrayValue' as const, items, span }));

export const systemFields = ['key', 'created_at', 'drop_id', 'route', 'source'];
export const fieldName: Arbitrary<FieldName> = fc
  .tuple(
    fc.oneof(
      word.map((w) => w.replace(/[.]/g, '_')),
      fc.constantFrom(...systemFields),
      text,
    ),
    fc.array(fc.oneof(fc.nat(20), segment, text), { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([first, rest, dot]) => {
    const matters = systemFields.includes(first) || first === 'payload' || first === 'score';
    // Bare it cannot stand everywhere.
    const must = first === 'score' || (first === 'payload' && rest.length > 0);
    return { kind: 'FieldName', path: [first, ...rest], payload: matters && (dot || must), span };
  });

export const constant = fc.constantFrom<Value>(
  { kind: 'NullValue', span },
  { kind: 'BooleanValue', value: true, span },
);
export const functionName = fc.constantFrom('lower', 'upper', 'coalesce', 'now', 'in', 'find');
export const operand: Arbitrary<Operand> = fc.letrec<{ operand: Operand }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'operand' },
    fieldName,
    number,
    stringValue,
    parameter,
    constant,
    fc
      .record({
        operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const),
        left: tie('operand'),
        right: tie('operand'),
      })
      .map((one) => ({ kind: 'ArithmeticExpression' as const, ...one, span })),
    fc
      .record({ name: functionName, arguments: fc.array(tie('operand'), { maxLength: 2 }) })
      .map((one) => ({ kind: 'CallExpression' as const, ...one, span })),
  ),
})).operand;
/** What can be tested: a lone string there is a field. */
export const tested = operand.filter((one) => one.kind !== 'StringValue');
