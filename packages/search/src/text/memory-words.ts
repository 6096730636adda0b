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

export interface MemoryWords extends Vocabulary {
  add(word: string): void;
  all(): Iterable<string>;
}

/** The words of documents in memory. */
export function createMemoryWords(): MemoryWords {
  const words = new Set<string>();
  const heads = createBuckets();
  const tails = createBuckets();

  const beginningWith = (prefix: string): Iterable<string> =>
    heads.of(prefix.slice(0, bucketLetters), (name) => name.startsWith(prefix));
  const endingWith = (suffix: string): Iterable<string> =>
    tails.of(suffix.slice(-bucketLetters), (name) => name.endsWith(suffix));

  return {
    add(word) {
      if (words.has(word)) return;
      words.add(word);
      heads.add(word.slice(0, bucketLetters), word);
      tails.add(word.slice(-bucketLetters), word);
    },
    all: () => words,
    *similar(word) {
      const { head, tail, swapped } = halvesOf(word);
      for (const one of beginningWith(head)) if (isOneEdit(one, word)) yield one;
      for (const one of endingWith(tail)) {
        // Those that begin alike were found before.
        if (!one.startsWith(head) && isOneEdit(one, word)) yield one;
      }
      if (swapped !== word && words.has(swapped)) yield swapped;
    },
    *beginning(prefix, limit) {
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
