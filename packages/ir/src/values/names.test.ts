import { describe, expect, it } from 'vitest';
import { isWithin, keyProblem, routeProblem } from './names.js';
import { maxDepth, storableJson } from './stored-json.js';
import type { Json } from './json.js';

describe('routes and keys', () => {
  it.each(['a', 'a/b', '_x/.y/-z', '2024', 'a'.repeat(512), Array(10).fill('a').join('/')])(
    '%s is a route',
    (route) => {
      expect(routeProblem(route)).toBeUndefined();
    },
  );
  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    'a/../b',
    '.',
    'a b',
    'ä',
    'a*',
    'a'.repeat(513),
    Array(11).fill('a').join('/'),
  ])('%s is none', (route) => {
    expect(routeProblem(route)).toBeDefined();
  });
  it('keys may hold slashes, 256 characters, nothing else', () => {
    expect(keyProblem('todo/full.v-1_2')).toBeUndefined();
    for (const key of ['', 'a b', 'ä', 'a'.repeat(257)]) expect(keyProblem(key)).toBeDefined();
  });
  it('below means by whole segments', () => {
    expect(isWithin('a/b', 'a')).toBe(true);
    expect(isWithin('a', 'a')).toBe(true);
    expect(isWithin('ab', 'a')).toBe(false);
  });
});

describe('storable values', () => {
  it('stay the same object when nothing is to change', () => {
    const value: Json = { a: [1, 'x', null], b: { c: true } };
    expect(storableJson(value)).toBe(value);
  });
  it('turn -0 into 0 wherever it stands', () => {
    expect(Object.is((storableJson([[-0]]) as readonly (readonly number[])[])[0]?.[0], 0)).toBe(true);
  });
  it('are nested at most 100 deep', () => {
    let value: Json = 1;
    for (let i = 0; i < maxDepth; i += 1) value = [value];
    expect(storableJson(value)).toBe(value);
    expect(() => storableJson([value])).toThrow('nested deeper');
  });
  it('hold whole characters and finite numbers', () => {
    expect(() => storableJson({ a: '\udc00' })).toThrow('surrogate');
    expect(() => storableJson({ '\udc00': 1 })).toThrow('surrogate');
    expect(storableJson('😀')).toBe('😀');
    expect(() => storableJson([Infinity])).toThrow('too large');
  });
});
