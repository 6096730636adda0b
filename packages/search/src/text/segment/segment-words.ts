import { halvesOf, isOneEdit } from '../one-edit.js';
import type { Vocabulary } from '../part.js';
import type { PackedStrings } from './packed-strings.js';

/** A word from its end. */
export const reversed = (word: string): string => [...word].reverse().join('');

/** The words of a segment: forward, and backward to find what ends alike. */
export function segmentWords(forward: () => PackedStrings, backward: () => PackedStrings): Vocabulary {
  function* beginningIn(words: PackedStrings, prefix: string): Iterable<string> {
    for (let i = words.lowerBound(prefix); i < words.size && words.startsWith(i, prefix); i += 1) {
      yield words.at(i);
    }
  }
  return {
    *similar(word) {
      const { head, tail, swapped } = halvesOf(word);
      for (const one of beginningIn(forward(), head)) if (isOneEdit(one, word)) yield one;
      for (const one of beginningIn(backward(), reversed(tail))) {
        const found = reversed(one);
        // Those that begin alike were found before.
        if (!found.startsWith(head) && isOneEdit(found, word)) yield found;
      }
      if (swapped !== word && forward().indexOf(swapped) !== -1) yield swapped;
    },
    *beginning(prefix, limit) {
      let left = limit;
      for (const one of beginningIn(forward(), prefix)) {
        yield one;
        left -= 1;
        if (left === 0) return;
      }
    },
  };
}
