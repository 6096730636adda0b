import { shortestFuzzy } from './one-edit.js';
import type { Part, Postings, Selection } from './part.js';
import { queryWords, type QueryWord } from './query-words.js';
import { termOf } from './stem.js';

/** A term that a word of the query means, or may mean. */
export interface MeantTerm {
  readonly term: string;
  /** 1: it is the word; less: it is only like it. */
  readonly likeness: number;
  /** How many documents the word that it stands for is reckoned to be in. */
  readonly holding: number;
  /** Its documents in each selection. */
  readonly postings: readonly (Postings | undefined)[];
}

/** How much a word one edit away counts, where the word itself is nowhere, and beside it. */
const likenessOfEdit = 0.8;
const likenessBesideWord = 0.3;
/** Of two words one edit apart the one in at most so many of the other's documents is taken for its misspelling. */
const shareOfMisspelling = 1 / 20;
/** A word in fewer documents may be misspelt, however few are wanted. */
const fewDocuments = 10;
/** How much a longer word counts of which the beginning was given. */
const likenessOfBeginning = 0.9;
const mostSimilar = 24;
const mostBeginnings = 64;
interface FoundTerm {
  readonly term: string;
  readonly holding: number;
  readonly postings: readonly (Postings | undefined)[];
}

function findTerm(term: string, selections: readonly Selection[]): FoundTerm | undefined {
  let holding = 0;
  const postings = selections.map((selection) => {
    const found = selection.find(term);
    if (found) holding += found.count;
    return found;
  });
  return holding === 0 ? undefined : { term, holding, postings };
}

/** Terms of other words than the one of the query, the most frequent first, if `takes` takes the number of their documents. */
function findOthers(
  words: Iterable<string>,
  known: Set<string>,
  selections: readonly Selection[],
  limit: number,
  takes: (holding: number) => boolean,
): readonly FoundTerm[] {
  const found: FoundTerm[] = [];
  for (const word of words) {
    const term = termOf(word);
    if (known.has(term)) continue;
    known.add(term);
    const one = findTerm(term, selections);
    if (one && takes(one.holding)) found.push(one);
  }
  return found.sort((a, b) => b.holding - a.holding).slice(0, limit);
}

function* similarWords(word: string, parts: readonly Part[]): Iterable<string> {
  for (const { vocabulary } of parts) yield* vocabulary.similar(word);
}

function* beginningWords(prefix: string, parts: readonly Part[]): Iterable<string> {
  for (const { vocabulary } of parts) yield* vocabulary.beginning(prefix, mostBeginnings);
}

const any = (): boolean => true;

/** Whether a word in so many documents and one near it are likely to be a word and its misspelling. */
const isMisspellingWith =
  (held: number) =>
  (holding: number): boolean =>
    Math.min(held, holding) <= Math.max(held, holding) * shareOfMisspelling;

/** `isAlone`: the text has no other word; `wanted`: how many documents are looked for. */
function meantBy(
  { word, term, begins, fuzzy }: QueryWord,
  parts: readonly Part[],
  selections: readonly Selection[],
  isAlone: boolean,
  wanted: number,
): readonly MeantTerm[] {
  const exact = findTerm(term, selections);
  const held = exact?.holding ?? 0;
  const known = new Set([term]);
  const meant: MeantTerm[] = exact ? [{ ...exact, likeness: 1 }] : [];
  const addOthers = (others: readonly FoundTerm[], likeness: number): void => {
    // A rare misspelling must not weigh more than the word.
    for (const other of others) meant.push({ ...other, likeness, holding: Math.max(other.holding, held) });
  };
  if (begins) {
    const others = findOthers(beginningWords(word, parts), known, selections, mostBeginnings, any);
    addOthers(others, exact ? likenessOfBeginning : 1);
  }
  // A word that is in as many documents as are wanted was meant. What is like it would come behind those if it stood alone; beside others it
  // tells apart documents that hold them, where one of the two must be a misspelling.
  const isMeant = held >= Math.max(wanted, fewDocuments);
  if (fuzzy && !(isMeant && isAlone)) {
    const takes = isMeant ? isMisspellingWith(held) : any;
    const others = findOthers(similarWords(word, parts), known, selections, mostSimilar, takes);
    addOthers(others, exact ? likenessBesideWord : likenessOfEdit);
  }
  return meant;
}

/** The terms that the words of a text mean, with the documents that hold them; `wanted`: how many documents are looked for. */
export function meantTerms(
  text: string,
  parts: readonly Part[],
  selections: readonly Selection[],
  wanted: number,
): readonly MeantTerm[] {
  const words = queryWords(text, shortestFuzzy);
  return words.flatMap((word) => meantBy(word, parts, selections, words.length === 1, wanted));
}
