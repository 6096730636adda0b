import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryWords } from './memory-words.js';
import { isOneEdit } from './one-edit.js';
import { createStringPacker, openPackedStrings, type PackedStrings } from './segment/packed-strings.js';
import { reversed, segmentWords } from './segment/segment-words.js';
import { sortTexts } from './sort-texts.js';

const letters = fc.constantFrom('a', 'b', 'c', 'é', '京');
const word = fc.array(letters, { minLength: 1, maxLength: 7 }).map((all) => all.join(''));

/** Damerau's distance, by its definition: one step of any kind, tried everywhere. */
function neighbours(of: string, alphabet: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let i = 0; i <= of.length; i += 1) {
    const [head, tail] = [of.slice(0, i), of.slice(i)];
    if (tail) found.add(head + tail.slice(1));
    if (tail.length > 1) found.add(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
    for (const letter of alphabet) {
      found.add(head + letter + tail);
      if (tail) found.add(head + letter + tail.slice(1));
    }
  }
  found.delete(of);
  return found;
}

const alphabet = ['a', 'b', 'c', 'é', '京'];

it('one edit is an insertion, a deletion, a substitution or a transposition', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(isOneEdit(a, b)).toBe(neighbours(a, alphabet).has(b));
    }),
  );
  for (const near of neighbours('abcé京', alphabet)) expect(isOneEdit('abcé京', near)).toBe(true);
});

function packed(words: readonly string[]): PackedStrings {
  const packer = createStringPacker();
  for (const one of sortTexts([...words])) packer.add(one);
  return openPackedStrings(packer.take());
}

it('similar words are found through the dictionary: all of them, and no others', () => {
  const dictionary = fc.uniqueArray(word, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(dictionary, fc.string({ unit: letters, minLength: 3, maxLength: 7 }), (words, wanted) => {
      const expected = sortTexts(words.filter((one) => isOneEdit(one, wanted)));
      const inMemory = memoryWords(words, (one) => words.includes(one));
      const forward = packed(words);
      const backward = packed(words.map(reversed));
      const inStore = segmentWords(
        () => forward,
        () => backward,
      );
      expect(sortTexts([...new Set(inMemory.similar(wanted))])).toEqual(expected);
      expect(sortTexts([...new Set(inStore.similar(wanted))])).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('words are found by how they begin', () => {
  const words = ['car', 'card', 'care', 'dare', 'ca', 'c'];
  const forward = packed(words);
  const backward = packed(words.map(reversed));
  const inStore = segmentWords(
    () => forward,
    () => backward,
  );
  expect(sortTexts([...inStore.beginning('car', 10)])).toEqual(['car', 'card', 'care']);
  expect(sortTexts([...memoryWords(words, () => true).beginning('car', 10)])).toEqual([
    'car',
    'card',
    'care',
  ]);
  expect([...inStore.beginning('c', 2)]).toHaveLength(2);
});
