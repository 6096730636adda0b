import fc from 'fast-check';
import { expect, test } from 'vitest';
import { getProperty, isObject, type Json } from '@drops/ir';
import { createRowParser } from './row-parser.js';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const names = fc.oneof(fc.constantFrom('a', 'b', 'name', '__proto__', '1', 'a"b', 'constructor'), text);
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1e21, 1.5e-9, 123456789, 1234567890, '', '\\', '"', '}', 'true'),
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<Json>([], {}, [1, { a: 'x' }], { a: [null] }),
);
const object = fc.dictionary(names, value, { maxKeys: 5 });

test('rows that look alike and rows that do not read as JSON.parse reads them', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 4 }), fc.array(value), (objects, values) => {
      const parse = createRowParser();
      // The same shapes come again and again with other values.
      const rows: Json[] = objects.flatMap((one) => [
        one,
        Object.fromEntries(Object.keys(one).map((name, i) => [name, values[i] ?? null])),
      ]);
      for (const row of [...rows, ...values, ...rows]) {
        const written = JSON.stringify(row);
        const wanted: Json = JSON.parse(written);
        const found = parse(written);
        expect(found).toEqual(wanted);
        expect(JSON.stringify(found)).toBe(written);
      }
    }),
  );
});

test('a row that begins, or goes on, like a known one is told apart', () => {
  const parse = createRowParser();
  expect(parse('{"a":1,"b":"x"}')).toEqual({ a: 1, b: 'x' });
  expect(parse('{"a":1,"b":"x","c":2}')).toEqual({ a: 1, b: 'x', c: 2 });
  expect(parse('{"a":1}')).toEqual({ a: 1 });
  expect(parse('{"a":1,"b":["x"]}')).toEqual({ a: 1, b: ['x'] });
  expect(parse('{"a":1,"b":"}"}')).toEqual({ a: 1, b: '}' });
  expect(parse('{"a":1,"b":"\\u0001"}')).toEqual({ a: 1, b: '\u0001' });
  expect(() => parse('{"a":1,"b":"x}')).toThrow(SyntaxError);
});

test('rows in ever new shapes go on being read', () => {
  const parse = createRowParser();
  for (let i = 0; i < 3000; i += 1)
    expect(parse(`{"f${i}":${i},"g":[${i}]}`)).toEqual({ [`f${i}`]: i, g: [i] });
  for (let i = 0; i < 100; i += 1) expect(parse(`{"f":${i}}`)).toEqual({ f: i });
});

test('of the members that are wanted none is missing, and what is there is as JSON.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.array(object, { minLength: 1, maxLength: 4 }),
      fc.array(value),
      fc.array(names, { maxLength: 3 }),
      (objects, values, wanted) => {
        const parse = createRowParser(new Set(wanted));
        const rows: Json[] = objects.flatMap((one) => [
          one,
          Object.fromEntries(Object.keys(one).map((name, i) => [name, values[i] ?? null])),
        ]);
        for (const row of [...rows, ...rows, ...rows]) {
          const whole: Json = JSON.parse(JSON.stringify(row));
          const found = parse(JSON.stringify(row));
          if (!isObject(found) || !isObject(whole)) throw new Error('rows are objects here');
          for (const name of wanted) expect(getProperty(found, name)).toEqual(getProperty(whole, name));
          for (const name of Object.keys(found)) expect(found[name]).toEqual(whole[name]);
        }
      },
    ),
  );
});

test('a member behind those of a known row is found, and the rest of a row is not looked at', () => {
  const parse = createRowParser(new Set(['a', 'c']));
  expect(parse('{"a":1,"b":"x","d":"y"}')).toEqual({ a: 1, b: 'x', d: 'y' });
  expect(parse('{"a":1,"b":"x","d":"y"}')).toEqual({ a: 1 });
  expect(parse('{"a":2,"b":"x","c":3}')).toMatchObject({ a: 2, c: 3 });
  expect(parse('{"a":2,"c":4}')).toMatchObject({ a: 2, c: 4 });
  expect(parse('{"b":"x","c":5,"d":"y"}')).toMatchObject({ c: 5 });
  expect(parse('{"a":1,"b":{"c":1}}')).toMatchObject({ a: 1 });
  expect(parse('{"c":1,"b":{"a":1}}')).toMatchObject({ c: 1 });
});
