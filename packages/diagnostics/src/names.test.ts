import { describe, expect, test } from 'vitest';
import { checkKey, checkRoute } from './names.js';

describe('routes', () => {
  test.each([
    'users',
    'a/b',
    'a/b/c/d/e/f/g/h/i/j',
    '-Abc_9/notes',
    '.well-known/acme',
    '2024',
    'a.b-c_d',
    'x'.repeat(512),
  ])('%s', (path) => {
    expect(checkRoute(path)).toBeUndefined();
  });

  test.each([
    ['', 0, 0],
    ['/a', 0, 1],
    ['a/', 1, 2],
    ['a//b', 1, 2],
    ['a/../b', 2, 4],
    ['.', 0, 1],
    ['a b', 1, 2],
    ['a/é', 2, 3],
    ['a/*/b', 2, 3],
    ['a/b/c/d/e/f/g/h/i/j/k', 0, 21],
    ['x'.repeat(513), 0, 513],
  ])('%j is refused at its fault', (path, start, end) => {
    expect(checkRoute(path)).toMatchObject({ start, end });
  });
});

describe('keys', () => {
  test('bare ones hold no slash', () => {
    expect(checkKey('a/b', true)).toBeUndefined();
    expect(checkKey('a/b', false)).toMatchObject({ start: 1, end: 2 });
    expect(checkKey('user-123_x.y', false)).toBeUndefined();
  });

  test.each(['', 'a b', 'é', 'x'.repeat(257)])('%j is refused', (key) => {
    expect(checkKey(key)).toBeDefined();
  });
});
