/** Documents that hold a term, in rising order; a scratch that the next call of the same list may use again. */
export type TakePostings = (documents: Uint32Array, counts: Uint8Array, size: number) => void;

/** The documents of a selection that hold one term. */
export interface Postings {
  readonly count: number;
  /** Gives them block by block. `isUseful` is asked with the highest count and the lowest length code of a block; what it refuses is not read. */
  each(take: TakePostings, isUseful?: (highestCount: number, lowestLength: number) => boolean): void;
}

/** Where a document is. */
export interface Place {
  readonly route: string;
  readonly key: string | null;
  readonly tx: number;
}

/** The documents of some routes in one part of the index, by number. Nothing of other routes is in it or read for it. */
export interface Selection {
  readonly documents: number;
  /** Sum of the lengths of those documents, in words. */
  readonly length: number;
  /** All numbers are below it. */
  readonly end: number;
  /** Number → length code. */
  readonly lengths: Uint8Array;
  find(term: string): Postings | undefined;
  /** Whether a document was a live one after `tx`. */
  isLive(document: number, tx: number): boolean;
  /** False when all of them were live ones after `tx`: nothing is to be asked then. */
  hasEnded(tx: number): boolean;
  /** The tx of a document: it rises with the number within a route. */
  txOf(document: number): number;
  place(document: number): Place;
}

/** Words as they were written, of all routes: they say nothing, what they lead to is looked up in a selection. */
export interface Vocabulary {
  /** Words that one insertion, deletion, substitution or transposition makes of a word, the word itself left out. */
  similar(word: string): Iterable<string>;
  /** Some words that begin so. */
  beginning(prefix: string, limit: number): Iterable<string>;
}

/** Which routes are looked at: the one and those below it, as far as they may be read. */
export interface RouteScope {
  readonly route: string;
  readonly visible: (route: string) => boolean;
}

/** A part of the index: the documents in memory, or a segment in the store. */
export interface Part {
  readonly vocabulary: Vocabulary;
  select(scope: RouteScope): readonly Selection[];
}

/** True for a route and those below it. */
export const isWithin = (route: string, prefix: string): boolean =>
  route === prefix ||
  (route.length > prefix.length && route.startsWith(prefix) && route[prefix.length] === '/');

/** Weighted occurrences are kept in eighths in a byte; more than that add next to nothing to a score. */
export const countUnit = 1 / 8;
export const countCode = (count: number): number => Math.max(1, Math.min(255, Math.round(count / countUnit)));
