import fc from 'fast-check';
import { expect, it } from 'vitest';
import { innerWordsOf, wordsOf } from './tokens.js';
import { createWordTable } from './word-table.js';

const letters = fc.constantFrom(
  ...'abcXYZ019'.split(''),
  ...["'", ' ', '-', '_', '’', 'é', 'ß', '東', '京', "'s", ' dog', 'Audio', 'x'.repeat(50)],
);
const text = fc.array(letters, { maxLength: 30 }).map((parts) => parts.join(''));

it('reads the words of a text as `wordsOf` tells them', () => {
  const table = createWordTable();
  fc.assert(
    fc.property(fc.oneof(text, fc.string(), fc.string({ unit: 'binary' })), (one) => {
      const count = table.read(one);
      const found = Array.from(table.numbers().subarray(0, count), (number) => table.words[number]);
      expect(found).toEqual(wordsOf(one));
      if (innerWordsOf(one).length > 0) expect(table.mayBeCamel()).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(new Set(table.words).size).toBe(table.words.length);
  for (const [number, word] of table.words.entries()) {
    expect(table.has(word)).toBe(true);
    expect(table.numberOf(word)).toBe(number);
  }
  expect(table.has('no such word')).toBe(false);
});

it('tells many words apart', () => {
  const table = createWordTable();
  const words = Array.from({ length: 20_000 }, (_, i) => `w${(i * 7919) % 20_011}`);
  expect(table.read(words.join(' '))).toBe(20_000);
  expect(table.words).toEqual(words);
  expect(table.read(words.join(' ').toUpperCase())).toBe(20_000);
  expect(table.words).toHaveLength(20_000);
});
