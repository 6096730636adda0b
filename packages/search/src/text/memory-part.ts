import type { Json } from '@drops/ir';
import { eachWord } from './document.js';
import { lengthCode, lengthOfCode } from './length-code.js';
import { memoryWords } from './memory-words.js';
import {
  countCode,
  isWithin,
  type Part,
  type Place,
  type Postings,
  type RouteScope,
  type Selection,
} from './part.js';
import { termOf } from './stem.js';
import { createWordTable } from './word-table.js';

/** The documents of one route that hold a term, in rising order. */
export interface MemoryPostings {
  readonly route: MemoryRoute;
  /** Document and count in one number: there are millions of them, and half as many arrays. */
  readonly entries: number[];
}

/** Counts are bytes. */
const countBits = 8;
const entryOf = (document: number, count: number): number => (document << countBits) | count;
export const documentIn = (entry: number): number => entry >>> countBits;
export const countIn = (entry: number): number => entry & 255;

/** A term, and where it is. */
export interface MemoryTerm {
  readonly term: string;
  /** Its documents on the route where it was met first. */
  first: MemoryPostings | undefined;
  /** Those on others: most terms have none. */
  others: Map<MemoryRoute, MemoryPostings> | undefined;
}

/** The documents of one route, in the order of the log. */
export interface MemoryRoute {
  readonly route: string;
  readonly keys: (string | null)[];
  /** The last document of each entity. */
  readonly owners: Map<string, number>;
  readonly txs: number[];
  /** Tx from which a document was replaced, removed or ended; 0: it is live. */
  readonly endedAt: number[];
  readonly lengths: number[];
  /** Of the live documents. */
  live: number;
  length: number;
}

/** Where a document in memory is. */
export interface MemoryDocument {
  readonly route: MemoryRoute;
  readonly document: number;
}

/** Documents that no segment holds yet. */
export interface MemoryPart extends Part {
  readonly routes: ReadonlyMap<string, MemoryRoute>;
  readonly terms: ReadonlyMap<string, MemoryTerm>;
  readonly words: readonly string[];
  /** Documents, and about how many bytes of text they have. */
  readonly size: { documents: number; bytes: number };
  add(place: Place, payload: Json): MemoryDocument;
  /** A document is not live any more from a tx on. */
  end(at: MemoryDocument, tx: number): void;
}

function memoryRoute(route: string): MemoryRoute {
  return { route, keys: [], owners: new Map(), txs: [], endedAt: [], lengths: [], live: 0, length: 0 };
}

/** The documents of a term on a route. */
export function listOf(term: MemoryTerm | undefined, route: MemoryRoute): MemoryPostings | undefined {
  return term?.first?.route === route ? term.first : term?.others?.get(route);
}

function addList(term: MemoryTerm, route: MemoryRoute): MemoryPostings {
  const list: MemoryPostings = { route, entries: [] };
  if (!term.first) term.first = list;
  else (term.others ??= new Map()).set(route, list);
  return list;
}

const blockSize = 128;
const blockDocuments = new Uint32Array(blockSize);
const blockCounts = new Uint8Array(blockSize);

function postingsOf({ entries }: MemoryPostings): Postings {
  return {
    count: entries.length,
    each(take) {
      for (let start = 0; start < entries.length; start += blockSize) {
        const size = Math.min(blockSize, entries.length - start);
        for (let i = 0; i < size; i += 1) {
          const entry = entries[start + i] ?? 0;
          blockDocuments[i] = documentIn(entry);
          blockCounts[i] = countIn(entry);
        }
        take(blockDocuments, blockCounts, size);
      }
    },
  };
}

function selectionOf(route: MemoryRoute, terms: ReadonlyMap<string, MemoryTerm>): Selection {
  return {
    documents: route.live,
    length: route.length,
    end: route.keys.length,
    lengths: Uint8Array.from(route.lengths),
    find(term) {
      const list = listOf(terms.get(term), route);
      return list && postingsOf(list);
    },
    isLive(document, tx) {
      const ended = route.endedAt[document] ?? 0;
      return (route.txs[document] ?? 0) <= tx && (ended === 0 || ended > tx);
    },
    // Asking is as cheap as knowing.
    hasEnded: () => true,
    txOf: (document) => route.txs[document] ?? 0,
    place: (document) => ({
      route: route.route,
      key: route.keys[document] ?? null,
      tx: route.txs[document] ?? 0,
    }),
  };
}

/** An empty part. */
export function createMemoryPart(): MemoryPart {
  const routes = new Map<string, MemoryRoute>();
  const table = createWordTable();
  const terms = new Map<string, MemoryTerm>();
  /** Terms have numbers too. */
  const termAt = new Map<string, number>();
  const byNumber: MemoryTerm[] = [];
  let termOfWord = new Int32Array(1024);
  /** How many words have a term. */
  let known = 0;
  /** What a term counts in the document that is being added. */
  let pending = new Float64Array(1024);
  const touched: number[] = [];
  const size = { documents: 0, bytes: 0 };

  /** Gives words that are new here their terms. */
  const addWords = (): void => {
    const { words } = table;
    if (words.length > termOfWord.length) {
      const more = new Int32Array(2 * words.length);
      more.set(termOfWord);
      termOfWord = more;
      const longer = new Float64Array(more.length);
      longer.set(pending);
      pending = longer;
    }
    for (; known < words.length; known += 1) {
      const name = termOf(words[known] ?? '');
      let number = termAt.get(name);
      if (number === undefined) {
        number = byNumber.length;
        termAt.set(name, number);
        const term = { term: name, first: undefined, others: undefined };
        byNumber.push(term);
        terms.set(name, term);
      }
      termOfWord[known] = number;
    }
  };
  const take = (word: number, weight: number): void => {
    if (word >= known) addWords();
    const term = termOfWord[word] ?? 0;
    const before = pending[term] ?? 0;
    if (before === 0) touched.push(term);
    pending[term] = before + weight;
    size.bytes += (table.words[word]?.length ?? 0) + 1;
  };
  const routeOf = (path: string): MemoryRoute => {
    let route = routes.get(path);
    if (!route) {
      route = memoryRoute(path);
      routes.set(path, route);
    }
    return route;
  };

  return {
    routes,
    terms,
    words: table.words,
    vocabulary: memoryWords(table.words, table.has),
    size,
    add({ route: path, key, tx }, payload) {
      const route = routeOf(path);
      const code = lengthCode(eachWord(key, payload, table, take));
      const document = route.keys.length;
      route.keys.push(key);
      if (key !== null) route.owners.set(key, document);
      route.txs.push(tx);
      route.endedAt.push(0);
      route.lengths.push(code);
      route.live += 1;
      route.length += lengthOfCode[code] ?? 0;
      for (const number of touched) {
        const term = byNumber[number];
        if (!term) continue;
        const list = listOf(term, route) ?? addList(term, route);
        list.entries.push(entryOf(document, countCode(pending[number] ?? 0)));
        pending[number] = 0;
      }
      touched.length = 0;
      size.documents += 1;
      return { route, document };
    },
    end({ route, document }, tx) {
      if ((route.endedAt[document] ?? 0) !== 0) return;
      route.endedAt[document] = tx;
      route.live -= 1;
      route.length -= lengthOfCode[route.lengths[document] ?? 0] ?? 0;
    },
    select({ route, visible }: RouteScope) {
      const found = [];
      for (const one of routes.values()) {
        if (isWithin(one.route, route) && visible(one.route)) found.push(selectionOf(one, terms));
      }
      return found;
    },
  };
}
