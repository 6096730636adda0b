import { halvesOf, isOneEdit } from '../one-edit.js';
import type { Vocabulary } from '../part.js';
import type { PackedStrings } from './packed-strings.js';

const surrogate = /[\ud800-\udfff]/;

/** A word from its end. */
export function reversed(word: string): string {
  if (surrogate.test(word)) return [...word].reverse().join('');
  let turned = '';
  for (let i = word.length - 1; i >= 0; i -= 1) turned += word.charAt(i);
  return turned;
}

/** The words of a segment: forward, and backward to find what ends alike. */
export function segmentWords(forward: () => PackedStrings, backward: () => PackedStrings): Vocabulary {
  return {
    *similar(word) {
      const { head, tail, swapped } = halvesOf(word);
      for (const one of forward().near(head, word)) if (isOneEdit(one, word)) yield one;
      for (const one of backward().near(reversed(tail), reversed(word))) {
        const found = reversed(one);
        // Those that begin alike were found before.
        if (!found.startsWith(head) && isOneEdit(found, word)) yield found;
      }
      if (swapped !== word && forward().indexOf(swapped) !== -1) yield swapped;
    },
    *beginning(prefix, limit) {
      const words = forward();
      const first = words.lowerBound(prefix);
      const end = Math.min(words.endOf(prefix), first + limit);
      for (let i = first; i < end; i += 1) yield words.at(i);
    },
  };
}
