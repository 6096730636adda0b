import type { Json } from '@drops/ir';
import { eachText } from './texts.js';
import { innerWordsOf } from './tokens.js';
import type { WordTable } from './word-table.js';

/** What a word of a title counts more than one of a long text, and the length in words at which half of that is left. */
const shortTextBonus = 3;
const shortText = 4;
/** What a word inside of a name in camel case counts. */
const innerShare = 0.5;

/** A word among few says more than one among many: the shorter the text, the more each word of it counts. */
const weightIn = (words: number): number => 1 + shortTextBonus / (1 + words / shortText);

/** Gives each word of a drop, of its key and its texts, by its number with what it counts; answers how many words those have. */
export function eachWord(
  key: string | null,
  payload: Json,
  table: WordTable,
  take: (word: number, weight: number) => void,
): number {
  let length = 0;
  const add = (text: string): void => {
    const count = table.read(text);
    const weight = weightIn(count);
    const numbers = table.numbers();
    for (let i = 0; i < count; i += 1) take(numbers[i] ?? 0, weight);
    if (table.mayBeCamel()) {
      for (const word of innerWordsOf(text)) take(table.numberOf(word), weight * innerShare);
    }
    length += count;
  };
  if (key !== null) add(key);
  eachText(payload, add);
  return length;
}
