import { randomNumbers } from '../data.js';
import type { TextDocument } from './text-peer.js';

/** How many documents have a word, about. */
export type Frequency = 'rare' | 'medium' | 'head';

const syllables = [
  'ba',
  'de',
  'fi',
  'gor',
  'hu',
  'kan',
  'lem',
  'mi',
  'no',
  'pud',
  'ra',
  'sel',
  'ti',
  'vo',
  'zur',
];
const wordCount = 30_000;
const titleWords = 5;
const bodyWords = 40;

/** Different words of two to five syllables. */
const words: readonly string[] = Array.from({ length: wordCount }, (_, i) => {
  let word = '';
  for (let n = i + 225; n > 0; n = Math.floor(n / syllables.length))
    word += syllables[n % syllables.length] ?? '';
  return word;
});

/** A number in [0, 1). */
const share = (random: () => number): number => random() / 2 ** 32;

/** Words as often as in a language: the n-th about 1 / n times as often as the first (Zipf). */
const drawn = (random: () => number): string => words[Math.floor(wordCount ** share(random)) - 1] ?? '';

const textOf = (count: number, random: () => number): string =>
  Array.from({ length: count }, () => drawn(random)).join(' ');

/** `count` documents from number `first` on, the same for the same numbers. */
export function makeTexts(count: number, first = 0): TextDocument[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomNumbers(first + i + 1);
    return {
      id: `doc${first + i}`,
      title: textOf(titleWords, random),
      body: textOf(bodyWords, random),
      notes: '',
    };
  });
}

const ranks: Readonly<Record<Frequency, readonly [number, number]>> = {
  head: [0, 5],
  medium: [100, 400],
  rare: [5000, 20_000],
};

/** The n-th query of one word. */
export function queryOf(frequency: Frequency, n: number): string {
  const [from, to] = ranks[frequency];
  return words[from + ((n * 7919) % (to - from))] ?? '';
}

/** Three words, each with one letter changed. */
export function misspeltQuery(n: number): string {
  const spoilt = (word: string): string => `${word.slice(0, 2)}x${word.slice(3)}`;
  return [0, 1, 2].map((i) => spoilt(words[300 + (((n * 3 + i) * 7919) % 20_000)] ?? '')).join(' ');
}
