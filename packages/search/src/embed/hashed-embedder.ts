import { wordsOf } from '../text/tokens.js';
import type { Embedder } from './embedder.js';

const dimension = 256;

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A word whole and in overlapping threes, its ends marked. */
function partsOf(word: string): readonly string[] {
  const marked = `^${word}$`;
  return [word, ...Array.from({ length: Math.max(0, marked.length - 2) }, (_, i) => marked.slice(i, i + 3))];
}

/**
 * Feature hashing (Weinberger and others, arXiv 0902.2206) of words and their threes of letters: texts are near that share spellings, "colour"
 * and "colors" say. It is no model of meaning: "car" and "automobile" are strangers to it.
 */
export const hashedEmbedder: Embedder = {
  name: `hashed-${dimension}`,
  embed: (texts) =>
    Promise.resolve(
      texts.map((text) => {
        const vector = new Array<number>(dimension).fill(0);
        for (const word of wordsOf(text)) {
          for (const part of partsOf(word)) {
            const hash = hashOf(part);
            const place = hash % dimension;
            // The sign keeps parts that meet in one place from adding up.
            vector[place] = (vector[place] ?? 0) + (hash & 0x80000000 ? -1 : 1);
          }
        }
        return vector;
      }),
    ),
};
