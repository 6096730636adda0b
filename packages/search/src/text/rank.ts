import type { Hit } from '../hit.js';
import { createBestDocuments, type BestDocuments, type Scored } from './best-documents.js';
import { lengthOfCode } from './length-code.js';
import { countUnit, type Part, type Postings, type RouteScope, type Selection } from './part.js';
import { meantTerms, type MeantTerm } from './meant-terms.js';

/** How quickly repeating a word stops to count, and how much long texts are marked down (BM25). */
const saturation = 1.2;
const lengthWeight = 0.5;

export interface TextQuery {
  readonly scope: RouteScope;
  readonly text: string;
  /** How many documents are wanted. */
  readonly count: number;
  /** The state that is searched: what was live after this tx. */
  readonly tx: number;
  /** Txs that another search has compared already. */
  readonly seen?: ReadonlySet<number> | undefined;
}

export interface TextMatches {
  /** Best first, ties by tx. */
  readonly hits: readonly Hit[];
  /** How many documents were compared, those left out that another search had seen. */
  readonly compared: number;
  /** The terms that the text means: what `highlight` shows. */
  readonly terms: ReadonlySet<string>;
  /** How many words there are in all: none means that there is nothing to search. */
  readonly words: number;
}

let sums = new Float64Array(1024);
let touched = new Uint32Array(1024);

function makeRoom(size: number): void {
  if (sums.length >= size) return;
  sums = new Float64Array(size * 2);
  touched = new Uint32Array(size * 2);
}

/** What the length of a document sets against its counts, by length code, in the unit of those. */
function lengthFactors(average: number): Float64Array {
  const factor = saturation / countUnit;
  return lengthOfCode.map((length) => factor * (1 - lengthWeight + (lengthWeight * length) / average));
}

/** Probabilistic inverse document frequency, never negative. */
const rarity = (documents: number, holding: number): number =>
  Math.log(1 + (documents - holding + 0.5) / (holding + 0.5));

interface WeighedPostings {
  readonly postings: Postings;
  readonly weight: number;
}

/** Adds the scores of one list; gives how many documents are touched then. */
function addScores(
  { postings, weight }: WeighedPostings,
  lengths: Uint8Array,
  factors: Float64Array,
  start: number,
): number {
  let size = start;
  const top = weight * (saturation + 1);
  postings.each((documents, counts, n) => {
    for (let i = 0; i < n; i += 1) {
      const document = documents[i] ?? 0;
      const count = counts[i] ?? 0;
      const sum = sums[document] ?? 0;
      if (sum === 0) {
        touched[size] = document;
        size += 1;
      }
      sums[document] = sum + (top * count) / (count + (factors[lengths[document] ?? 0] ?? 0));
    }
  });
  return size;
}

interface Search {
  readonly factors: Float64Array;
  readonly best: BestDocuments;
  readonly tx: number;
  readonly seen: ReadonlySet<number> | undefined;
}

/** Several lists: sums are made for all documents of the lists, then the best of them taken. Gives how many were compared. */
function rankSums(
  selection: Selection,
  index: number,
  lists: readonly WeighedPostings[],
  search: Search,
): number {
  const { best, tx, seen } = search;
  makeRoom(selection.end);
  let size = 0;
  for (const list of lists) size = addScores(list, selection.lengths, search.factors, size);
  const asks = selection.hasEnded(tx);
  let compared = 0;
  for (let i = 0; i < size; i += 1) {
    const document = touched[i] ?? 0;
    const score = sums[document] ?? 0;
    sums[document] = 0;
    if (asks && !selection.isLive(document, tx)) continue;
    if (!seen?.has(selection.txOf(document))) compared += 1;
    if (score >= best.threshold()) best.offer(index, document, score, selection.txOf(document));
  }
  return compared;
}

/** One list: blocks whose best document would not get in are passed over. Gives how many documents were compared. */
function rankOne(
  selection: Selection,
  index: number,
  { postings, weight }: WeighedPostings,
  search: Search,
): number {
  const { best, factors, tx, seen } = search;
  const { lengths } = selection;
  const top = weight * (saturation + 1);
  const scoreOf = (count: number, length: number): number => (top * count) / (count + (factors[length] ?? 0));
  const asks = selection.hasEnded(tx);
  let compared = 0;
  postings.each(
    (documents, counts, n) => {
      for (let i = 0; i < n; i += 1) {
        const document = documents[i] ?? 0;
        if (asks && !selection.isLive(document, tx)) continue;
        if (!seen?.has(selection.txOf(document))) compared += 1;
        const score = scoreOf(counts[i] ?? 0, lengths[document] ?? 0);
        if (score >= best.threshold()) best.offer(index, document, score, selection.txOf(document));
      }
    },
    (highestCount, lowestLength) => scoreOf(highestCount, lowestLength) >= best.threshold(),
  );
  return compared;
}

function hitOf({ selection, document, score }: Scored, selections: readonly Selection[]): readonly Hit[] {
  const place = selections[selection]?.place(document);
  return place ? [{ ...place, score }] : [];
}

/** The weight of a term: how rare what the word means is among the documents, less for what was only nearly meant. */
const weightOf = ({ holding, likeness }: MeantTerm, documents: number): number =>
  likeness * rarity(documents, Math.min(documents, holding));

/**
 * The documents that fit a text best (Robertson and Zaragoza: BM25). All figures, how many documents hold a word and how long
 * they are, are those of the routes in scope, so that others show in no score.
 */
export function rankText(parts: readonly Part[], query: TextQuery): TextMatches {
  const selections = parts.flatMap((part) => part.select(query.scope));
  let documents = 0;
  let words = 0;
  for (const selection of selections) {
    documents += selection.documents;
    words += selection.length;
  }
  if (words === 0) return { hits: [], compared: 0, terms: new Set(), words };
  const terms = meantTerms(query.text, parts, selections, query.count);
  const best = createBestDocuments(query.count);
  const search = { factors: lengthFactors(words / documents), best, tx: query.tx, seen: query.seen };
  let compared = 0;
  selections.forEach((selection, i) => {
    const lists: WeighedPostings[] = [];
    for (const term of terms) {
      const postings = term.postings[i];
      if (postings) lists.push({ postings, weight: weightOf(term, documents) });
    }
    const [only] = lists;
    if (!only) return;
    compared +=
      lists.length === 1 ? rankOne(selection, i, only, search) : rankSums(selection, i, lists, search);
  });
  return {
    hits: best.take().flatMap((one) => hitOf(one, selections)),
    compared,
    terms: new Set(terms.map(({ term }) => term)),
    words,
  };
}
