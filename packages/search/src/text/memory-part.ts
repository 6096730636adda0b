import type { Json } from '@drops/ir';
import { documentOf } from './document.js';
import { lengthCode, lengthOfCode } from './length-code.js';
import { createMemoryWords, type MemoryWords } from './memory-words.js';
import {
  countCode,
  isWithin,
  type Part,
  type Place,
  type Postings,
  type RouteScope,
  type Selection,
} from './part.js';

/** Numbers in an array that grows. */
function grown<T extends Uint32Array | Uint8Array>(array: T, make: (size: number) => T, size: number): T {
  if (size <= array.length) return array;
  const larger = make(Math.max(8, size * 2));
  larger.set(array);
  return larger;
}

/** The documents of one route that hold a term. */
export interface MemoryPostings {
  documents: Uint32Array;
  counts: Uint8Array;
  size: number;
}

/** The documents of one route, in the order of the log. */
export interface MemoryRoute {
  readonly route: string;
  readonly terms: Map<string, MemoryPostings>;
  readonly keys: (string | null)[];
  readonly txs: number[];
  /** Tx from which a document was replaced, removed or ended; 0: it is live. */
  readonly endedAt: number[];
  lengths: Uint8Array;
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
  readonly words: MemoryWords;
  /** Documents, and about how many bytes of text they have. */
  readonly size: { documents: number; bytes: number };
  add(place: Place, payload: Json): MemoryDocument;
  /** A document is not live any more from a tx on. */
  end(at: MemoryDocument, tx: number): void;
}

function memoryRoute(route: string): MemoryRoute {
  return {
    route,
    terms: new Map(),
    keys: [],
    txs: [],
    endedAt: [],
    lengths: new Uint8Array(8),
    live: 0,
    length: 0,
  };
}

function push(list: MemoryPostings, document: number, count: number): void {
  const { size } = list;
  list.documents = grown(list.documents, (n) => new Uint32Array(n), size + 1);
  list.counts = grown(list.counts, (n) => new Uint8Array(n), size + 1);
  list.documents[size] = document;
  list.counts[size] = countCode(count);
  list.size = size + 1;
}

function selectionOf(route: MemoryRoute): Selection {
  const find = (term: string): Postings | undefined => {
    const list = route.terms.get(term);
    return (
      list && {
        count: list.size,
        each: (take) => take(list.documents, list.counts, list.size),
      }
    );
  };
  return {
    documents: route.live,
    length: route.length,
    end: route.keys.length,
    lengths: route.lengths,
    find,
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
  const words = createMemoryWords();
  const size = { documents: 0, bytes: 0 };

  return {
    routes,
    words,
    vocabulary: words,
    size,
    add({ route: path, key, tx }, payload) {
      let route = routes.get(path);
      if (!route) {
        route = memoryRoute(path);
        routes.set(path, route);
      }
      const { terms, length } = documentOf(key, payload, (word) => {
        words.add(word);
        size.bytes += word.length + 1;
      });
      const document = route.keys.length;
      route.keys.push(key);
      route.txs.push(tx);
      route.endedAt.push(0);
      route.lengths = grown(route.lengths, (n) => new Uint8Array(n), document + 1);
      route.lengths[document] = lengthCode(length);
      route.live += 1;
      route.length += lengthOfCode[lengthCode(length)] ?? 0;
      for (const [term, count] of terms) {
        let list = route.terms.get(term);
        if (!list) {
          list = { documents: new Uint32Array(1), counts: new Uint8Array(1), size: 0 };
          route.terms.set(term, list);
        }
        push(list, document, count);
      }
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
        if (isWithin(one.route, route) && visible(one.route)) found.push(selectionOf(one));
      }
      return found;
    },
  };
}
