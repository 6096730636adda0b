import { termOf } from './stem.js';
import { isUnspaced, wordsOf } from './tokens.js';

/** A word of a query. */
export interface QueryWord {
  readonly word: string;
  readonly term: string;
  /** `deplo*`: whatever begins so is meant. */
  readonly begins: boolean;
  /** Whether words one edit away may be meant. */
  readonly fuzzy: boolean;
}

/** Words of a query that are looked for; a longer text is a document, of which the first ones must do. */
const mostWords = 128;
const beginningForm = /[\p{L}\p{N}]\*\s*$/u;

/** Numbers, and names with one in them that is longer than a year (`order10017`): the next one is another thing, not a misspelling. */
const code = /^\p{N}+$|\p{N}{5}/u;

/** The different words of a query. Numbers, codes and pairs of characters have no misspellings; the last word may end in `*`. */
export function queryWords(text: string, shortestFuzzy: number): readonly QueryWord[] {
  const words = wordsOf(text);
  const begins = beginningForm.test(text);
  const found = new Map<string, QueryWord>();
  words.forEach((word, i) => {
    const isBeginning = begins && i === words.length - 1;
    if (found.size >= mostWords || (found.has(word) && !isBeginning)) return;
    const fuzzy = !isBeginning && word.length >= shortestFuzzy && !isUnspaced(word) && !code.test(word);
    found.set(word, { word, term: isBeginning ? word : termOf(word), begins: isBeginning, fuzzy });
  });
  return [...found.values()];
}
