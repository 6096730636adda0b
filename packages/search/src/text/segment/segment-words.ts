import { halvesOf, isOneEdit } from '../one-edit.js';
import type { Vocabulary } from '../part.js';
import type { PackedStrings } from './packed-strings.js';

const isPaired = /[\ud800-\udfff]/;

/** A word from its end. */
export function reversed(word: string): string {
  if (isPaired.test(word)) return [...word].reverse().join('');
  let turned = '';
  for (let i = word.length - 1; i >= 0; i -= 1) turned += word.charAt(i);
  return turned;
}

/** The words of a segment: forward, and backward to find what ends alike. */
export function segmentWords(forward: () => PackedStrings, backward: () => PackedStrings): Vocabulary {
  return {
    *similar(word) {
      const { head, tail, swapped } = halvesOf(word);
      for (const i of forward().near(forward().beginningWith(head), word)) {
        const one = forward().at(i);
        if (isOneEdit(one, word)) yield one;
      }
      for (const i of backward().near(backward().beginningWith(reversed(tail)), reversed(word))) {
        const found = reversed(backward().at(i));
        // Those that begin alike were found before.
        if (!found.startsWith(head) && isOneEdit(found, word)) yield found;
      }
      if (swapped !== word && forward().indexOf(swapped) !== -1) yield swapped;
    },
    *beginning(prefix, limit) {
      const { from, to } = forward().beginningWith(prefix);
      for (let i = from; i < Math.min(to, from + limit); i += 1) yield forward().at(i);
    },
  };
}
