import { compareStrings } from '@drops/ir';
import { lengthOfCode } from '../length-code.js';
import { termOf } from '../stem.js';
import { gone } from './memory-source.js';
import type { PackedStrings } from './packed-strings.js';
import { createListBuffer, readPostings, type ListBuffer, type PostingList } from './postings-code.js';
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

/** Adds the documents of one segment under their new numbers. */
function addRenumbered(buffer: ListBuffer, segment: Segment, term: number, numbers: Uint32Array): void {
  const all = [{ start: 0, end: segment.documents }];
  readPostings(segment.postingsOf(term), all, (documents, counts, size) => {
    for (let i = 0; i < size; i += 1) {
      const number = numbers[documents[i] ?? 0] ?? gone;
      if (number !== gone) buffer.push(number, counts[i] ?? 0);
    }
  });
}

/** True when the numbers rise, as they do while there is one route. */
function isInOrder({ documents, size }: PostingList): boolean {
  for (let i = 1; i < size; i += 1) if ((documents[i - 1] ?? 0) > (documents[i] ?? 0)) return false;
  return true;
}

/** The same list with its documents in order. */
function inOrder(list: PostingList): PostingList {
  const { documents, counts, size } = list;
  if (isInOrder(list)) return list;
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  order.sort((a, b) => (documents[a] ?? 0) - (documents[b] ?? 0));
  return {
    documents: order.map((i) => documents[i] ?? 0),
    counts: Uint8Array.from(order, (i) => counts[i] ?? 0),
    size,
  };
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
  const buffer = createListBuffer();
  function* terms(): SegmentSource['terms'] {
    for (const { text, numbers } of mergedStrings(segments.map((segment) => segment.terms()))) {
      buffer.clear();
      numbers.forEach((term, i) => {
        const segment = segments[i];
        const newNumbers = numbering[i];
        if (term !== -1 && segment && newNumbers) addRenumbered(buffer, segment, term, newNumbers);
      });
      if (buffer.list.size === 0) continue;
      known.add(text);
      yield { term: text, list: inOrder(buffer.list) };
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
