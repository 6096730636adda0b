import type { Json } from '@drops/ir';
import { termOf } from './stem.js';
import { eachText } from './texts.js';
import { wordsOf } from './tokens.js';

/** What is kept of one drop for searching. */
export interface Document {
  /** Term → how often it occurs. */
  readonly terms: ReadonlyMap<string, number>;
  /** How many words it has. */
  readonly length: number;
}

/** The texts and the key of a drop as terms. `note` is told of each word as it was written. */
export function documentOf(key: string | null, payload: Json, note: (word: string) => void): Document {
  const terms = new Map<string, number>();
  let length = 0;
  const add = (text: string): void => {
    for (const word of wordsOf(text)) {
      note(word);
      const term = termOf(word);
      terms.set(term, (terms.get(term) ?? 0) + 1);
      length += 1;
    }
  };
  if (key !== null) add(key);
  eachText(payload, add);
  return { terms, length };
}
