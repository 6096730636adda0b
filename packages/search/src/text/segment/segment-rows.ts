/** Bytes of a row of postings, and documents of a row of keys. */
export const postingsRowBytes = 8192;
export const keysRowDocuments = 256;

const u32 = (value: number): string =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

/** The parts of a segment, a row or a run of rows each. */
const tags = {
  /** Its routes, as JSON. */
  routes: 'r',
  /** Length code of each document. */
  lengths: 'l',
  /** Tx of each document above the first, four bytes each, after the first in eight. */
  txs: 't',
  keys: 'k',
  terms: 'd',
  /** Where the postings of each term end, then how many documents hold it, four bytes each. */
  ends: 'e',
  postings: 'p',
  words: 'w',
  backward: 'b',
  /** Hash of route and key of each document in rising order, then their numbers, four bytes each. */
  owners: 'o',
  /** A bit for each document that is none any more. */
  ended: 'x',
} as const;
export type SegmentRow = keyof typeof tags;

const prefix = 's';

/** The key of a row of a segment. */
export const segmentRow = (id: number, row: SegmentRow, index = 0): string =>
  `${prefix}${u32(id)}${tags[row]}${u32(index)}`;

/** All rows of a segment. */
export const segmentRange = (id: number): { readonly start: string; readonly end: string } => ({
  start: prefix + u32(id),
  end: prefix + u32(id + 1),
});
