import fc from 'fast-check';
import type { Json } from '@drops/ir';
import { expect, test } from 'vitest';
import { createMemberScanner } from './json-members.js';
import { readNumber } from './json-number.js';

const names = ['a', 'ab', 'b', '"', '\\', 'é', '\u2028', '😀', '__proto__', 'a\n', ''];
const name = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 4 }));
const text = fc.oneof(
  fc.constantFrom('"a":1', '{"a":1}', '\\', '\\"', '"', ',"a":', 'ü', '😀', '\u0000', ']}'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const leaf = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  text,
  fc.constantFrom(null, true, false),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const record = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true });
const filler = 'x'.repeat(7);

/** The wanted members as the scanner finds them; undefined when it gave up. */
function found(json: string, wanted: readonly string[]): readonly (Json | undefined)[] | undefined {
  const bytes = Buffer.from(`${filler}${json}${filler}`);
  const end = bytes.length - filler.length;
  const scanner = createMemberScanner(wanted);
  // A scan leaves nothing behind that another could find.
  scanner.scan(Buffer.from('{"a":1,"b":2}'), 0, 13);
  if (!scanner.scan(bytes, filler.length, end)) return undefined;
  return wanted.map((_, i) => {
    const start = scanner.starts[i] ?? -1;
    if (start < 0) return undefined;
    const parsed: Json = JSON.parse(bytes.toString('utf8', start, scanner.ends[i]));
    return parsed;
  });
}

const expected = (json: string, wanted: readonly string[]): readonly (Json | undefined)[] => {
  const parsed = new Map<string, Json>(Object.entries(JSON.parse(json)));
  return wanted.map((wantedName) => parsed.get(wantedName));
};

test('the scanner finds what JSON.parse finds', () => {
  fc.assert(
    fc.property(record, fc.uniqueArray(name, { maxLength: 5 }), (object, wanted) => {
      const json = JSON.stringify(object);
      const sought = [...new Set([...wanted, ...Object.keys(object).slice(0, 2)])];
      expect(found(json, sought)).toEqual(expected(json, sought));
    }),
    { numRuns: 1000 },
  );
});

test('JSON that is written another way is read rightly or not at all', () => {
  fc.assert(
    fc.property(record, fc.constantFrom(' ', '\t', '\n '), (object, blank) => {
      const json = JSON.stringify(object, null, blank);
      const got = found(json, names);
      if (got) expect(got).toEqual(expected(json, names));
    }),
  );
  expect(found('{"\\u0061":"\\u0062","b":1}', ['b', 'a'])).toEqual([1, 'b']);
  expect(found('[{"a":1}]', ['a'])).toBeUndefined();
  expect(found('"{a}"', ['a'])).toBeUndefined();
  expect(found('{}', ['a'])).toEqual([undefined]);
  const deep = `{"x":${'[{"a":'.repeat(400)}0${'}]'.repeat(400)},"a":"${'\\"'.repeat(5000)}"}`;
  expect(found(deep, ['a'])).toEqual(['"'.repeat(5000)]);
});

test('numbers are read as JSON.parse reads them', () => {
  const same = (json: string): void => {
    const bytes = Buffer.from(`[${json}]`);
    expect([json, readNumber(bytes, 1, bytes.length - 1)]).toEqual([json, JSON.parse(json)]);
  };
  const texts = '0 -0 -0.0 1e400 -1e400 1e-400 0.1 -0.3 123456789012345 1234567890123456 0.000000000000001';
  const more = '0.1234567890123456 9007199254740993 5e-324 1E5 1.5e+3 100000000000000.1 4.35 8.41';
  for (const json of `${texts} ${more}`.split(' ')) same(json);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ noNaN: true }),
        fc.integer(),
        fc.integer().map((n) => n / 100),
      ),
      (n) => {
        if (Number.isFinite(n)) same(JSON.stringify(n));
      },
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0 }), fc.nat({ max: 999_999_999 }), (whole, part) => {
      same(`${whole}.${part}`);
      same(`-${whole}.${String(part).padStart(9, '0')}`);
    }),
  );
});
