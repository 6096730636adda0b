import type { TakePostings } from '../part.js';
import { readVarint, type ByteWriter, type Cursor } from './byte-writer.js';

// A list is blocks of one route each:
//   distance of the first document from that of the block before, how many documents
//   one document: its count
//   more: highest count, lowest length code, bytes of the rest; distances - 1; counts, unless all are the highest

/** Documents of one block. */
export const blockSize = 128;

/** What a list is written of. */
export interface PostingList {
  readonly documents: Uint32Array;
  readonly counts: Uint8Array;
  readonly size: number;
}

/** A list in the making; the same memory serves one after the other. */
export interface ListBuffer {
  readonly list: PostingList;
  clear(): void;
  push(document: number, count: number): void;
}

export function createListBuffer(): ListBuffer {
  const list = { documents: new Uint32Array(1024), counts: new Uint8Array(1024), size: 0 };
  return {
    list,
    clear() {
      list.size = 0;
    },
    push(document, count) {
      if (list.size === list.documents.length) {
        const { documents, counts } = list;
        list.documents = new Uint32Array(2 * list.size);
        list.documents.set(documents);
        list.counts = new Uint8Array(2 * list.size);
        list.counts.set(counts);
      }
      list.documents[list.size] = document;
      list.counts[list.size] = count;
      list.size += 1;
    },
  };
}

/** What its blocks are cut by and marked with. */
export interface ListContext {
  /** Number → length code. */
  readonly lengths: Uint8Array;
  /** The number after the last document of the route of a document. */
  readonly routeEnd: (document: number) => number;
}

function writeBlock(
  writer: ByteWriter,
  list: PostingList,
  start: number,
  end: number,
  { lengths }: ListContext,
  body: ByteWriterPool,
): void {
  if (end - start === 1) return writer.byte(list.counts[start] ?? 0);
  let highest = 0;
  let least = 255;
  let lowest = 255;
  for (let i = start; i < end; i += 1) {
    highest = Math.max(highest, list.counts[i] ?? 0);
    least = Math.min(least, list.counts[i] ?? 0);
    lowest = Math.min(lowest, lengths[list.documents[i] ?? 0] ?? 0);
  }
  writer.byte(highest);
  writer.byte(lowest);
  const bytes = body.write((to) => {
    for (let i = start + 1; i < end; i += 1) {
      to.varint((list.documents[i] ?? 0) - (list.documents[i - 1] ?? 0) - 1);
    }
    if (least < highest) for (let i = start; i < end; i += 1) to.byte(list.counts[i] ?? 0);
  });
  writer.varint(bytes.length);
  writer.bytes(bytes);
}

/** Bytes that are written aside, to know how many they are. */
export interface ByteWriterPool {
  write(work: (to: ByteWriter) => void): Uint8Array;
}

/** Writes a list, its documents in rising order. */
export function writePostings(
  writer: ByteWriter,
  list: PostingList,
  context: ListContext,
  body: ByteWriterPool,
): void {
  let before = 0;
  for (let start = 0; start < list.size;) {
    const first = list.documents[start] ?? 0;
    const routeEnd = context.routeEnd(first);
    let end = start + 1;
    while (end < list.size && end - start < blockSize && (list.documents[end] ?? 0) < routeEnd) end += 1;
    writer.varint(first - before);
    writer.varint(end - start);
    writeBlock(writer, list, start, end, context, body);
    before = first;
    start = end;
  }
}

/** A stretch of numbers [start, end). */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const documents = new Uint32Array(blockSize);
const counts = new Uint8Array(blockSize);

function readBody(
  bytes: Uint8Array,
  start: number,
  end: number,
  first: number,
  n: number,
  highest: number,
): void {
  let at = start;
  let document = first;
  documents[0] = first;
  for (let i = 1; i < n; i += 1) {
    let byte = bytes[at] ?? 0;
    at += 1;
    let distance = byte & 127;
    for (let unit = 128; byte > 127; unit *= 128) {
      byte = bytes[at] ?? 0;
      at += 1;
      distance += (byte & 127) * unit;
    }
    document += distance + 1;
    documents[i] = document;
  }
  if (at < end) for (let i = 0; i < n; i += 1) counts[i] = bytes[at + i] ?? 0;
  else counts.fill(highest, 0, n);
}

/**
 * Reads the blocks of a list that lie in some stretches, which begin and end between routes. What `isUseful` refuses is
 * passed over, and so is whatever lies outside.
 */
export function readPostings(
  bytes: Uint8Array,
  stretches: readonly Stretch[],
  take: TakePostings,
  isUseful?: (highestCount: number, lowestLength: number) => boolean,
): void {
  const cursor: Cursor = { at: 0 };
  let stretch = 0;
  let first = 0;
  while (cursor.at < bytes.length) {
    first += readVarint(bytes, cursor);
    const n = readVarint(bytes, cursor);
    const highest = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    while (first >= (stretches[stretch]?.end ?? Infinity)) stretch += 1;
    const wanted = stretches[stretch];
    if (!wanted) return;
    const isWanted = first >= wanted.start;
    if (n === 1) {
      if (!isWanted) continue;
      documents[0] = first;
      counts[0] = highest;
      take(documents, counts, 1);
      continue;
    }
    const lowest = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    const length = readVarint(bytes, cursor);
    if (isWanted && (!isUseful || isUseful(highest, lowest))) {
      readBody(bytes, cursor.at, cursor.at + length, first, n, highest);
      take(documents, counts, n);
    }
    cursor.at += length;
  }
}

/** How many documents of a list lie in some stretches. */
export function countPostings(bytes: Uint8Array, stretches: readonly Stretch[]): number {
  const cursor: Cursor = { at: 0 };
  let stretch = 0;
  let first = 0;
  let count = 0;
  while (cursor.at < bytes.length) {
    first += readVarint(bytes, cursor);
    const n = readVarint(bytes, cursor);
    cursor.at += 1;
    if (n > 1) {
      cursor.at += 1;
      const length = readVarint(bytes, cursor);
      cursor.at += length;
    }
    while (first >= (stretches[stretch]?.end ?? Infinity)) stretch += 1;
    const wanted = stretches[stretch];
    if (!wanted) return count;
    if (first >= wanted.start) count += n;
  }
  return count;
}
