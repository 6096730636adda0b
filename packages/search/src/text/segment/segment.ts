import type { DerivedRows } from '@drops/store';
import { invariant } from '@drops/diagnostics';
import { compareStrings } from '@drops/ir';
import { isWithin, type Part, type Place, type Postings, type RouteScope, type Selection } from '../part.js';
import { asUint32 } from './byte-writer.js';
import { ownerHash } from './owner-hash.js';
import { openPackedStrings, type PackedStrings } from './packed-strings.js';
import { countPostings, readPostings, type Stretch } from './postings-code.js';
import { createRowCache } from './row-cache.js';
import { keysRowDocuments, postingsRowBytes, segmentRow, type SegmentRow } from './segment-rows.js';
import { segmentWords } from './segment-words.js';
import type { SegmentRoute } from './write-segment.js';

/** A segment as the list of all segments names it. */
export interface SegmentInfo {
  readonly id: number;
  readonly documents: number;
  /** How many of them have ended. */
  readonly ended: number;
  readonly bytes: number;
}

/** Documents in the store: rows that never change, but for the bits of those that have ended. */
export interface Segment extends Part {
  readonly id: number;
  readonly documents: number;
  readonly routes: readonly SegmentRoute[];
  readonly lengths: Uint8Array;
  readonly terms: () => PackedStrings;
  readonly words: () => PackedStrings;
  readonly backward: () => PackedStrings;
  /** The bytes of the postings of a term. */
  readonly postingsOf: (term: number) => Uint8Array;
  readonly txOf: (document: number) => number;
  readonly keyOf: (document: number) => string | null;
  /** A bit a document, as it stands in the store. */
  readonly endedBits: () => Uint8Array;
  /** Documents that ended since, with the tx. */
  readonly endedLater: Map<number, number>;
  /** Notes that the document of a drop is not live any more from a tx on; false when it has none of it. */
  end(route: string, key: string | null, eventTx: number, tx: number): boolean;
  /** Reads the bits anew. */
  refresh(ended: number): void;
}

/** A value that is made when it is first asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const bitOf = (bits: Uint8Array, document: number): boolean =>
  ((bits[document >> 3] ?? 0) & (1 << (document & 7))) !== 0;

/** The key at a place of a row of keys: where each ends, doubled, odd where there is one; then their texts. */
function keyIn(row: Buffer, count: number, at: number): string | null {
  const ends = asUint32(row);
  const end = ends[at] ?? 0;
  if (end % 2 === 0) return null;
  const start = at === 0 ? 0 : (ends[at - 1] ?? 0) >>> 1;
  const texts = 4 * count;
  return row.toString('utf8', texts + start, texts + (end >>> 1));
}

const noBits = new Uint8Array(0);

/** Opens a segment; what it consists of is read when it is first needed. undefined when it is not there any more. */
export function openSegment(rows: DerivedRows, info: SegmentInfo): Segment | undefined {
  const { id, documents } = info;
  const head = rows.get(segmentRow(id, 'routes'));
  if (!head) return undefined;
  const routes: readonly SegmentRoute[] = JSON.parse(Buffer.from(head).toString('utf8'));
  const starts: number[] = [];
  let start = 0;
  for (const route of routes) {
    starts.push(start);
    start += route.documents;
  }
  const read = (row: SegmentRow, index = 0): Uint8Array => {
    const bytes = rows.get(segmentRow(id, row, index));
    invariant(bytes, `the segment ${id} has lost its ${row}`);
    return bytes;
  };
  const lengths = lazy(() => read('lengths'));
  const terms = lazy(() => openPackedStrings(read('terms')));
  const ends = lazy(() => asUint32(read('ends')));
  const words = lazy(() => openPackedStrings(read('words')));
  const backward = lazy(() => openPackedStrings(read('backward')));
  const owners = lazy(() => asUint32(read('owners')));
  const txs = lazy(() => {
    const bytes = read('txs');
    const first = Buffer.from(bytes.buffer, bytes.byteOffset, 8).readDoubleLE();
    return { first, above: asUint32(bytes.subarray(8)) };
  });
  let ended = info.ended;
  let bits: Uint8Array | undefined;
  const endedBits = (): Uint8Array => {
    bits ??= ended === 0 ? noBits : read('ended');
    return bits;
  };
  const endedLater = new Map<number, number>();

  const txOf = (document: number): number => txs().first + (txs().above[document] ?? 0);
  const keys = createRowCache();
  const keyOf = (document: number): string | null => {
    const at = Math.floor(document / keysRowDocuments);
    const count = Math.min(keysRowDocuments, documents - at * keysRowDocuments);
    return keyIn(
      keys.row(at, () => read('keys', at)),
      count,
      document % keysRowDocuments,
    );
  };
  const routeOf = (document: number): string => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= document) low = middle;
      else high = middle;
    }
    return routes[low]?.route ?? '';
  };
  const place = (document: number): Place => ({
    route: routeOf(document),
    key: keyOf(document),
    tx: txOf(document),
  });

  const postings = createRowCache();
  const postingsRow = (index: number): Uint8Array => postings.row(index, () => read('postings', index));
  const postingsOf = (term: number): Uint8Array => {
    const from = term === 0 ? 0 : (ends()[term - 1] ?? 0);
    const to = ends()[term] ?? 0;
    const first = Math.floor(from / postingsRowBytes);
    const last = Math.floor((to - 1) / postingsRowBytes);
    if (first === last)
      return postingsRow(first).subarray(from % postingsRowBytes, to - first * postingsRowBytes);
    const whole = new Uint8Array(to - first * postingsRowBytes);
    for (let i = first; i <= last; i += 1) {
      const bytes = postingsRow(i);
      const at = (i - first) * postingsRowBytes;
      whole.set(bytes.subarray(0, Math.min(bytes.length, whole.length - at)), at);
    }
    return whole.subarray(from % postingsRowBytes);
  };

  /** The stretches of the routes in scope, neighbours as one. */
  const stretchesOf = ({ route: prefix, visible }: RouteScope) => {
    const stretches: Stretch[] = [];
    let count = 0;
    let length = 0;
    for (let i = lowerRoute(routes, prefix); i < routes.length; i += 1) {
      const one = routes[i];
      // What begins alike may go on with another character than a slash.
      if (!one?.route.startsWith(prefix)) break;
      if (!isWithin(one.route, prefix) || !visible(one.route)) continue;
      const from = starts[i] ?? 0;
      const before = stretches.at(-1);
      if (before?.end === from)
        stretches[stretches.length - 1] = { start: before.start, end: from + one.documents };
      else stretches.push({ start: from, end: from + one.documents });
      count += one.documents;
      length += one.length;
    }
    return { stretches, count, length };
  };

  const select = (scope: RouteScope): readonly Selection[] => {
    const { stretches, count, length } = stretchesOf(scope);
    if (count === 0) return [];
    const find = (term: string): Postings | undefined => {
      const index = terms().indexOf(term);
      if (index === -1) return undefined;
      const bytes = lazy(() => postingsOf(index));
      const held =
        count === documents ? (ends()[terms().size + index] ?? 0) : countPostings(bytes(), stretches);
      if (held === 0) return undefined;
      return { count: held, each: (take, isUseful) => readPostings(bytes(), stretches, take, isUseful) };
    };
    const isLive = (document: number, tx: number): boolean => {
      if (bitOf(endedBits(), document)) return false;
      const later = endedLater.get(document);
      return later === undefined || later > tx;
    };
    return [
      {
        documents: count,
        length,
        end: documents,
        lengths: lengths(),
        find,
        isLive,
        hasEnded: () => ended > 0 || endedLater.size > 0,
        txOf,
        place,
      },
    ];
  };

  /** The documents whose owner has a hash. */
  function* ownedBy(hash: number): Iterable<number> {
    const all = owners();
    let low = 0;
    let high = documents;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((all[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    for (; low < documents && all[low] === hash; low += 1) yield all[documents + low] ?? 0;
  }

  return {
    id,
    documents,
    routes,
    get lengths() {
      return lengths();
    },
    vocabulary: segmentWords(words, backward),
    terms,
    words,
    backward,
    postingsOf,
    txOf,
    keyOf,
    endedBits,
    endedLater,
    select,
    end(route, key, eventTx, tx) {
      for (const document of ownedBy(ownerHash(route, key, eventTx))) {
        if (bitOf(endedBits(), document) || endedLater.has(document)) continue;
        const found = place(document);
        if (found.route !== route || found.key !== key || (key === null && found.tx !== eventTx)) continue;
        endedLater.set(document, tx);
        return true;
      }
      return false;
    },
    refresh(count) {
      ended = count;
      bits = undefined;
      endedLater.clear();
    },
  };
}

/** The place of the first route that is not before a path. */
function lowerRoute(routes: readonly SegmentRoute[], path: string): number {
  let low = 0;
  let high = routes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareStrings(routes[middle]?.route ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
