import type { DerivedRow } from '@drops/store';
import { asBytes, createByteWriter, type ByteWriter } from './byte-writer.js';
import { ownerHash } from './owner-hash.js';
import { createStringPacker } from './packed-strings.js';
import { writePostings, type ByteWriterPool, type PostingList } from './postings-code.js';
import { keysRowDocuments, postingsRowBytes, segmentRow } from './segment-rows.js';

/** The documents of one route in a segment: they follow one another. */
export interface SegmentRoute {
  readonly route: string;
  readonly documents: number;
  /** Sum of their lengths. */
  readonly length: number;
}

/** What a segment is made of: documents by route, then by tx; terms and words in the order of code points. */
export interface SegmentSource {
  readonly routes: readonly SegmentRoute[];
  readonly lengths: Uint8Array;
  readonly txs: readonly number[];
  readonly keys: readonly (string | null)[];
  readonly terms: Iterable<{ readonly term: string; readonly list: PostingList }>;
  /** Words as they were written. */
  readonly words: Iterable<string>;
  /** The same reversed, in their own order. */
  readonly backward: Iterable<string>;
}

/** Rows of a new segment, and how many bytes they are. */
export interface WrittenSegment {
  readonly rows: readonly DerivedRow[];
  readonly bytes: number;
}

/** Terms and words that are written in one go. */
const sliceSize = 200;

function bytesAside(): ByteWriterPool {
  return {
    write(work: (to: ByteWriter) => void) {
      const writer = createByteWriter(512);
      work(writer);
      return writer.take();
    },
  };
}

/** The end of the route that each document is in. */
function routeEnds(routes: readonly SegmentRoute[]): (document: number) => number {
  const ends = new Uint32Array(routes.reduce((sum, { documents }) => sum + documents, 0));
  let start = 0;
  for (const { documents } of routes) {
    ends.fill(start + documents, start, start + documents);
    start += documents;
  }
  return (document) => ends[document] ?? 0;
}

/** A row of keys: for each document twice the end of its key, plus one where it has a key, four bytes each; then the keys. */
function keyRow(keys: readonly (string | null)[]): Uint8Array {
  const texts = createByteWriter(4096);
  const ends = new Uint32Array(keys.length);
  keys.forEach((key, i) => {
    if (key !== null) texts.bytes(Buffer.from(key, 'utf8'));
    ends[i] = 2 * texts.length() + (key === null ? 0 : 1);
  });
  const writer = createByteWriter(4 * keys.length + texts.length());
  writer.bytes(asBytes(ends));
  writer.bytes(texts.take());
  return writer.take();
}

function keyRows(id: number, keys: readonly (string | null)[]): readonly DerivedRow[] {
  const rows: DerivedRow[] = [];
  for (let start = 0; start < keys.length; start += keysRowDocuments) {
    const value = keyRow(keys.slice(start, start + keysRowDocuments));
    rows.push({ key: segmentRow(id, 'keys', start / keysRowDocuments), value });
  }
  return rows;
}

function txBytes(txs: readonly number[]): Uint8Array {
  const lowest = txs.reduce((least, tx) => Math.min(least, tx), Infinity);
  const writer = createByteWriter(8 + 4 * txs.length);
  const head = Buffer.alloc(8);
  head.writeDoubleLE(lowest);
  writer.bytes(head);
  writer.bytes(asBytes(Uint32Array.from(txs, (tx) => tx - lowest)));
  return writer.take();
}

function ownerBytes({ routes, keys, txs }: SegmentSource): Uint8Array {
  const hashes = new Uint32Array(keys.length);
  let document = 0;
  for (const { route, documents } of routes) {
    for (const end = document + documents; document < end; document += 1) {
      hashes[document] = ownerHash(route, keys[document] ?? null, txs[document] ?? 0);
    }
  }
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0));
  const writer = createByteWriter(8 * keys.length);
  writer.bytes(asBytes(Uint32Array.from(order, (i) => hashes[i] ?? 0)));
  writer.bytes(asBytes(order));
  return writer.take();
}

function* packStrings(texts: Iterable<string>): Generator<void, Uint8Array> {
  const packer = createStringPacker();
  for (const text of texts) {
    packer.add(text);
    if (packer.size() % sliceSize === 0) yield;
  }
  return packer.take();
}

/** Writes a segment as rows, a slice at a time: it yields where others may have their turn. */
export function* writeSegment(id: number, source: SegmentSource): Generator<void, WrittenSegment> {
  const { lengths } = source;
  const context = { lengths, routeEnd: routeEnds(source.routes) };
  const terms = createStringPacker();
  const postings = createByteWriter(1 << 16);
  const aside = bytesAside();
  const ends: number[] = [];
  const sizes: number[] = [];
  for (const { term, list } of source.terms) {
    terms.add(term);
    writePostings(postings, list, context, aside);
    ends.push(postings.length());
    sizes.push(list.size);
    if (ends.length % sliceSize === 0) yield;
  }
  const words = yield* packStrings(source.words);
  const backward = yield* packStrings(source.backward);
  const stream = postings.take();
  const rows: DerivedRow[] = [
    { key: segmentRow(id, 'routes'), value: Buffer.from(JSON.stringify(source.routes), 'utf8') },
    { key: segmentRow(id, 'lengths'), value: lengths },
    { key: segmentRow(id, 'txs'), value: txBytes(source.txs) },
    { key: segmentRow(id, 'terms'), value: terms.take() },
    { key: segmentRow(id, 'ends'), value: asBytes(Uint32Array.from([...ends, ...sizes])) },
    { key: segmentRow(id, 'words'), value: words },
    { key: segmentRow(id, 'backward'), value: backward },
    { key: segmentRow(id, 'owners'), value: ownerBytes(source) },
    ...keyRows(id, source.keys),
  ];
  for (let start = 0; start < stream.length; start += postingsRowBytes) {
    const value = stream.subarray(start, start + postingsRowBytes);
    rows.push({ key: segmentRow(id, 'postings', start / postingsRowBytes), value });
  }
  return { rows, bytes: rows.reduce((sum, { value }) => sum + value.byteLength, 0) };
}
