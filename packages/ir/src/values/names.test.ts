import { describe, expect, it } from 'vitest';
import { isWithin } from './names.js';
import { maxDepth, storableJson } from './stored-json.js';
import type { Json } from './json.js';

describe('routes', () => {
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
