import { halvesOf, isOneEdit } from './one-edit.js';
import type { Vocabulary } from './part.js';

const bucketLetters = 2;

/** Words by their first or last letters. */
function createBuckets() {
  const buckets = new Map<string, string[]>();
  return {
    add(name: string, word: string): void {
      const bucket = buckets.get(name);
      if (bucket) bucket.push(word);
      else buckets.set(name, [word]);
    },
    /** The words of all buckets whose name may go with a known part of the word. */
    *of(known: string, agrees: (name: string) => boolean): Iterable<string> {
      if (known.length >= bucketLetters) yield* buckets.get(known) ?? [];
      else for (const [name, words] of buckets) if (agrees(name)) yield* words;
    },
  };
}

/** A vocabulary of words that are added to a list. They are sorted into buckets when somebody looks for the first time. */
export function memoryWords(words: readonly string[], has: (word: string) => boolean): Vocabulary {
  const heads = createBuckets();
  const tails = createBuckets();
  let sorted = 0;

  const sortNew = (): void => {
    for (; sorted < words.length; sorted += 1) {
      const word = words[sorted] ?? '';
      heads.add(word.slice(0, bucketLetters), word);
      tails.add(word.slice(-bucketLetters), word);
    }
  };
  const beginningWith = (prefix: string): Iterable<string> =>
    heads.of(prefix.slice(0, bucketLetters), (name) => name.startsWith(prefix));
  const endingWith = (suffix: string): Iterable<string> =>
    tails.of(suffix.slice(-bucketLetters), (name) => name.endsWith(suffix));

  return {
    *similar(word) {
      sortNew();
      const { head, tail, swapped } = halvesOf(word);
      for (const one of beginningWith(head)) if (isOneEdit(one, word)) yield one;
      for (const one of endingWith(tail)) {
        // Those that begin alike were found before.
        if (!one.startsWith(head) && isOneEdit(one, word)) yield one;
      }
      if (swapped !== word && has(swapped)) yield swapped;
    },
    *beginning(prefix, limit) {
      sortNew();
      let left = limit;
      for (const one of beginningWith(prefix)) {
        if (!one.startsWith(prefix)) continue;
        yield one;
        left -= 1;
        if (left === 0) return;
      }
    },
  };
}
