import { compareStrings } from '@drops/ir';
import { lengthOfCode } from '../length-code.js';
import { termOf } from '../stem.js';
import { gone } from './memory-source.js';
import type { PackedStrings } from './packed-strings.js';
import { readPostings, type PostingList } from './postings-code.js';
import type { Segment } from './segment.js';
import { reversed } from './segment-words.js';
import type { SegmentRoute, SegmentSource } from './write-segment.js';

export interface MergeSource {
  readonly source: SegmentSource;
  /** For each segment: the new number of each of its documents, or `gone`. */
  readonly numbering: readonly Uint32Array[];
}

/** Walks several packed lists as one, in order, each text once, with its number in each list (-1: not in it). */
function* mergedStrings(
  lists: readonly PackedStrings[],
): Iterable<{ readonly text: string; readonly numbers: readonly number[] }> {
  const heads = lists.map((list) => ({ list, at: 0, text: list.size > 0 ? list.at(0) : undefined }));
  for (;;) {
    let least: string | undefined;
    for (const { text } of heads) {
      if (text !== undefined && (least === undefined || compareStrings(text, least) < 0)) least = text;
    }
    if (least === undefined) return;
    const numbers: number[] = [];
    for (const head of heads) {
      if (head.text !== least) {
        numbers.push(-1);
        continue;
      }
      numbers.push(head.at);
      head.at += 1;
      head.text = head.at < head.list.size ? head.list.at(head.at) : undefined;
    }
    yield { text: least, numbers };
  }
}

/** What ended later than the segments cover stays: those who look at a state before still find it. */
function isEnded(segment: Segment, document: number): boolean {
  const bits = segment.endedBits();
  return ((bits[document >> 3] ?? 0) & (1 << (document & 7))) !== 0;
}

/** The documents of one segment under new numbers. */
function renumbered(segment: Segment, term: number, numbers: Uint32Array): PostingList {
  const documents: number[] = [];
  const counts: number[] = [];
  const all = [{ start: 0, end: segment.documents }];
  readPostings(segment.postingsOf(term), all, (found, foundCounts, size) => {
    for (let i = 0; i < size; i += 1) {
      const number = numbers[found[i] ?? 0] ?? gone;
      if (number === gone) continue;
      documents.push(number);
      counts.push(foundCounts[i] ?? 0);
    }
  });
  return { documents: Uint32Array.from(documents), counts: Uint8Array.from(counts), size: documents.length };
}

/** Two lists as one, in order. */
function mergeLists(a: PostingList, b: PostingList): PostingList {
  const size = a.size + b.size;
  const documents = new Uint32Array(size);
  const counts = new Uint8Array(size);
  let i = 0;
  let j = 0;
  for (let at = 0; at < size; at += 1) {
    const fromA = j >= b.size || (i < a.size && (a.documents[i] ?? 0) < (b.documents[j] ?? 0));
    documents[at] = (fromA ? a.documents[i] : b.documents[j]) ?? 0;
    counts[at] = (fromA ? a.counts[i] : b.counts[j]) ?? 0;
    if (fromA) i += 1;
    else j += 1;
  }
  return { documents, counts, size };
}

/** The documents of neighbouring segments that are still live, as what one segment is made of. Oldest segment first. */
export function mergeSource(segments: readonly Segment[]): MergeSource {
  const numbering = segments.map(({ documents }) => new Uint32Array(documents).fill(gone));
  const keys: (string | null)[] = [];
  const txs: number[] = [];
  const lengths: number[] = [];
  const routes: SegmentRoute[] = [];
  const paths = [...new Set(segments.flatMap((segment) => segment.routes.map(({ route }) => route)))];
  const places = segments.map(({ routes: held }) => {
    const starts = new Map<string, { readonly start: number; readonly documents: number }>();
    let start = 0;
    for (const { route, documents } of held) {
      starts.set(route, { start, documents });
      start += documents;
    }
    return starts;
  });
  for (const route of paths.sort(compareStrings)) {
    const first = keys.length;
    let length = 0;
    segments.forEach((segment, i) => {
      const place = places[i]?.get(route);
      if (!place) return;
      for (let document = place.start; document < place.start + place.documents; document += 1) {
        if (isEnded(segment, document)) continue;
        const numbers = numbering[i];
        if (numbers) numbers[document] = keys.length;
        keys.push(segment.keyOf(document));
        txs.push(segment.txOf(document));
        const code = segment.lengths[document] ?? 0;
        lengths.push(code);
        length += lengthOfCode[code] ?? 0;
      }
    });
    if (keys.length > first) routes.push({ route, documents: keys.length - first, length });
  }
  const known = new Set<string>();
  function* terms(): SegmentSource['terms'] {
    for (const { text, numbers } of mergedStrings(segments.map((segment) => segment.terms()))) {
      let list: PostingList | undefined;
      numbers.forEach((term, i) => {
        const segment = segments[i];
        const newNumbers = numbering[i];
        if (term === -1 || !segment || !newNumbers) return;
        const found = renumbered(segment, term, newNumbers);
        list = list ? mergeLists(list, found) : found;
      });
      if (!list || list.size === 0) continue;
      known.add(text);
      yield { term: text, list };
    }
  }
  /** Words that no document holds any more are forgotten. */
  function* wordsOf(lists: readonly PackedStrings[], wordIn: (text: string) => string): Iterable<string> {
    for (const { text } of mergedStrings(lists)) if (known.has(termOf(wordIn(text)))) yield text;
  }
  const source: SegmentSource = {
    routes,
    keys,
    txs,
    lengths: Uint8Array.from(lengths),
    terms: terms(),
    words: wordsOf(
      segments.map((segment) => segment.words()),
      (word) => word,
    ),
    backward: wordsOf(
      segments.map((segment) => segment.backward()),
      reversed,
    ),
  };
  return { source, numbering };
}
