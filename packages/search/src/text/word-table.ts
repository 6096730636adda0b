import { longestWord, wordsOf } from './tokens.js';

/** Words and their numbers, from 0 in the order in which they were met. */
export interface WordTable {
  readonly words: readonly string[];
  has(word: string): boolean;
  /** The number of a word, which is new where nobody gave it before. */
  numberOf(word: string): number;
  /** Reads a text: how many words it has. Their numbers are in `numbers`, and good until the next text is read. */
  read(text: string): number;
  readonly numbers: () => Int32Array;
  /** Whether the text that was read last may hold names in camel case. */
  readonly mayBeCamel: () => boolean;
}

/** FNV-1a, 32 bits. */
const seed = 0x811c9dc5;
const prime = 0x01000193;

/** The letter or digit that a character of ASCII is compared as; 0: it is none. */
const folded = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code).toLowerCase();
  return /[a-z0-9]/.test(letter) ? letter.charCodeAt(0) : 0;
});
const apostrophe = "'".charCodeAt(0);
const tails = /(?:'[a-zA-Z]+)+/y;

function hashOf(word: string): number {
  let hash = seed;
  for (let i = 0; i < word.length; i += 1) hash = Math.imul(hash ^ word.charCodeAt(i), prime);
  return hash;
}

/**
 * A table of words that reads texts of ASCII letter by letter: a word that is known makes no string, and most words of a text are. Other texts are
 * taken apart by `wordsOf`, which says what a word is.
 */
export function createWordTable(): WordTable {
  const words: string[] = [];
  let hashes = new Int32Array(1024);
  /** Number of a word plus one, at the first free place from its hash on; 0: free. */
  let slots = new Int32Array(4096);
  let numbers = new Int32Array(1024);
  let mayBeCamel = false;

  const place = (number: number): void => {
    const mask = slots.length - 1;
    let at = (hashes[number] ?? 0) & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = number + 1;
  };
  const add = (word: string, hash: number): number => {
    const number = words.length;
    words.push(word);
    if (number === hashes.length) {
      const more = new Int32Array(2 * number);
      more.set(hashes);
      hashes = more;
    }
    hashes[number] = hash;
    if (2 * words.length > slots.length) {
      slots = new Int32Array(2 * slots.length);
      for (let i = 0; i < number; i += 1) place(i);
    }
    place(number);
    return number;
  };
  /** Whether a word is what stands at a place of a text of ASCII. */
  const standsAt = (word: string, text: string, start: number, length: number): boolean => {
    if (word.length !== length) return false;
    for (let i = 0; i < length; i += 1) {
      if (word.charCodeAt(i) !== folded[text.charCodeAt(start + i)]) return false;
    }
    return true;
  };
  /** The number of the word at a place of a text of ASCII. */
  const numberAt = (text: string, start: number, length: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const number = (slots[at] ?? 0) - 1;
      if (number === -1) return add(text.slice(start, start + length).toLowerCase(), hash);
      if (hashes[number] === hash && standsAt(words[number] ?? '', text, start, length)) return number;
    }
  };
  const find = (word: string, hash: number): number => {
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const number = (slots[at] ?? 0) - 1;
      if (number === -1 || words[number] === word) return number;
    }
  };
  const numberOf = (word: string): number => {
    const hash = hashOf(word);
    const number = find(word, hash);
    return number === -1 ? add(word, hash) : number;
  };

  let size = 0;
  const push = (number: number): void => {
    if (size === numbers.length) {
      const more = new Int32Array(2 * size);
      more.set(numbers);
      numbers = more;
    }
    numbers[size] = number;
    size += 1;
  };
  const readWords = (text: string): number => {
    mayBeCamel = true;
    size = 0;
    for (const word of wordsOf(text)) push(numberOf(word));
    return size;
  };
  const read = (text: string): number => {
    const { length } = text;
    mayBeCamel = false;
    size = 0;
    let at = 0;
    while (at < length) {
      let code = text.charCodeAt(at);
      if (code > 127) return readWords(text);
      let letter = folded[code] ?? 0;
      if (letter === 0) {
        at += 1;
        continue;
      }
      const start = at;
      let hash = seed;
      while (letter !== 0) {
        if (letter !== code && at > start) mayBeCamel = true;
        hash = Math.imul(hash ^ letter, prime);
        at += 1;
        if (at === length) break;
        code = text.charCodeAt(at);
        if (code > 127) return readWords(text);
        letter = folded[code] ?? 0;
      }
      if (at < length && code === apostrophe) {
        tails.lastIndex = at;
        if (tails.test(text)) {
          const [word] = wordsOf(text.slice(start, tails.lastIndex));
          at = tails.lastIndex;
          if (/[A-Z]/.test(text.slice(start, at))) mayBeCamel = true;
          if (word !== undefined) push(numberOf(word));
          continue;
        }
      }
      const isLong = at - start > longestWord;
      push(
        isLong
          ? numberOf(text.slice(start, start + longestWord).toLowerCase())
          : numberAt(text, start, at - start, hash),
      );
    }
    return size;
  };
  return {
    words,
    has: (word) => find(word, hashOf(word)) !== -1,
    numberOf,
    read,
    numbers: () => numbers,
    mayBeCamel: () => mayBeCamel,
  };
}
