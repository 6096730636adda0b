/** Letters and digits of any script, with the marks and the apostrophes inside of words. */
const wordForm = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
const asciiForm = /[a-z0-9]+(?:'[a-z]+)*/g;
/** Scripts that write no spaces between words: they are cut into pairs of characters. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const unspacedRun =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+/gu;
/** Marks that only colour a letter: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs. Those of Indic scripts are letters. */
const marks = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]+/g;

/** Letters that no decomposition takes apart. */
const foldedLetters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ı', 'i'],
  ['ς', 'σ'],
]);
const foldable = /[ßæœøđðþłıς]/g;

/** Characters of a word that count; the rest is cut off. */
export const longestWord = 48;

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** A text in the form that is compared: lower case, compatible forms as one (NFKD), without marks. */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(marks, '')
    .normalize('NFC')
    .replace(foldable, (letter) => foldedLetters.get(letter) ?? letter);
}

/** True for what is one pair, or one character, of a script without spaces. */
export const isUnspaced = (word: string): boolean => word.charCodeAt(0) > 0xe00 && unspaced.test(word);

function addPairs(run: string, words: string[]): void {
  const characters = [...run];
  if (characters.length === 1) words.push(run);
  for (let i = 0; i + 1 < characters.length; i += 1) {
    words.push(`${characters[i] ?? ''}${characters[i + 1] ?? ''}`);
  }
}

function addWord(word: string, words: string[]): void {
  if (!unspaced.test(word)) {
    const plain = /['’]/.test(word) ? word.replace(/['’](?:s$)?/g, '') : word;
    words.push(plain.length > longestWord ? plain.slice(0, longestWord) : plain);
    return;
  }
  for (const [run] of word.matchAll(unspacedRun)) {
    if (unspaced.test(run)) addPairs(run, words);
    else words.push(run.slice(0, longestWord));
  }
}

const camelBorder = /\p{Ll}\p{Lu}/u;
const camelBorders = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** The words inside of names in camel case, each name taken apart: AudioContext gives audio and context. */
export function innerWordsOf(text: string): readonly string[] {
  if (!camelBorder.test(text)) return [];
  const names = (text.match(wordForm) ?? []).filter((name) => camelBorder.test(name));
  return names.flatMap((name) => name.split(camelBorders).flatMap(wordsOf));
}

/**
 * The words of a text in their order, folded: runs of letters and digits; Chinese, Japanese and Thai, which write no
 * spaces, as overlapping pairs of characters.
 */
export function wordsOf(text: string): string[] {
  const folded = foldText(text);
  const words: string[] = [];
  if (isAscii(folded)) {
    for (const word of folded.match(asciiForm) ?? []) {
      const at = word.indexOf("'");
      const plain = at === -1 ? word : word.replace(/'(?:s$)?/g, '');
      words.push(plain.length > longestWord ? plain.slice(0, longestWord) : plain);
    }
    return words;
  }
  for (const word of folded.match(wordForm) ?? []) addWord(word, words);
  return words;
}
