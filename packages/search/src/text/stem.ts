import stem from 'wink-porter2-stemmer';

const plainWord = /^[a-z]+$/;
/** Words whose stems are kept: a text repeats its words. */
const keptStems = 50_000;
let stems = new Map<string, string>();

/**
 * The term that a folded word is indexed and looked for under: its stem by Porter's second algorithm where it is written in
 * plain Latin letters, itself otherwise. One rule for all languages: words of others lose endings alike on both sides.
 */
export function termOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const term = word.length > 3 && plainWord.test(word) ? stem(word) : word;
  if (stems.size >= keptStems) stems = new Map();
  stems.set(word, term);
  return term;
}
