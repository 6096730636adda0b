import { createRequire } from 'node:module';
import { randomNumbers } from '../data.js';
import type { Grades } from './ndcg.js';
import type { TextDocument } from './text-peer.js';

/** A query with what people said belongs to it. */
export interface LabelledQuery {
  readonly text: string;
  readonly grades: Grades;
}

export interface LabelledSet {
  readonly documents: readonly TextDocument[];
  /** One keyword. */
  readonly keywords: readonly LabelledQuery[];
  /** Two keywords. */
  readonly pairs: readonly LabelledQuery[];
  /** One keyword, misspelt by one edit. */
  readonly misspelt: readonly LabelledQuery[];
}

interface Feature {
  readonly title: string;
  readonly description: string;
  readonly notes: string;
  /** Words that the authors think people look for the feature by. */
  readonly keywords: string;
}

function readFeatures(): ReadonlyMap<string, Feature> {
  const file: { readonly data: Readonly<Record<string, Feature>> } = createRequire(import.meta.url)(
    'caniuse-db/fulldata-json/data-2.0.json',
  );
  return new Map(Object.entries(file.data));
}

const keywordsOf = ({ keywords }: Feature): readonly string[] =>
  [...new Set(keywords.split(',').map((word) => word.trim().toLowerCase()))].filter((word) =>
    /[a-z]{3}/.test(word),
  );

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A word with one letter left out, changed, added, or swapped with the next; the first and the last stay. */
function misspell(word: string, random: () => number): string {
  const at = 1 + (random() % (word.length - 2));
  const letter = letters.charAt(random() % letters.length);
  const [head, tail] = [word.slice(0, at), word.slice(at + 1)];
  switch (random() % 4) {
    case 0:
      return head + tail;
    case 1:
      return head + letter + tail;
    case 2:
      return head + letter + word.slice(at);
    default:
      return head + tail.charAt(0) + word.charAt(at) + tail.slice(1);
  }
}

function gradesOf(words: readonly string[], holders: ReadonlyMap<string, readonly string[]>): Grades {
  const grades = new Map<string, number>();
  for (const word of words) {
    for (const id of holders.get(word) ?? []) grades.set(id, grades.has(id) || words.length === 1 ? 3 : 1);
  }
  return grades;
}

/**
 * Features of browsers as caniuse.com describes them (CC BY 4.0): title, description, notes are the documents. The
 * queries are the keywords that its authors gave them, which no document holds as such. A feature that has the keyword is
 * graded 3; of two keywords the features with both are graded 3, those with one 1. No scorer had a part in it.
 */
export function labelledSet(): LabelledSet {
  const features = readFeatures();
  const holders = new Map<string, string[]>();
  for (const [id, feature] of features) {
    for (const word of keywordsOf(feature)) holders.set(word, [...(holders.get(word) ?? []), id]);
  }
  const random = randomNumbers(1);
  const words = [...holders.keys()];
  const query = (text: string, of: readonly string[]): LabelledQuery => ({
    text,
    grades: gradesOf(of, holders),
  });
  return {
    documents: [...features].map(([id, { title, description, notes }]) => ({
      id,
      title,
      body: description,
      notes,
    })),
    keywords: words.map((word) => query(word, [word])),
    pairs: [...features.values()].flatMap((feature) => {
      const [first, second] = keywordsOf(feature);
      return first !== undefined && second !== undefined
        ? [query(`${first} ${second}`, [first, second])]
        : [];
    }),
    misspelt: words
      .filter((word) => /^[a-z]{6,}$/.test(word))
      .map((word) => query(misspell(word, random), [word])),
  };
}
