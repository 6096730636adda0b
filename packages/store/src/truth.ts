/*
 * The truth of a store, as any engine can give and take it: what a backup holds and what a copy moves. Keys are binary
 * strings, a byte a character: a tx of six bytes, or the UTF-8 of a route's path. Values are bytes, the same in all engines.
 */

export const partNames = ['routes', 'log', 'payloads', 'chain'] as const;
export type PartName = (typeof partNames)[number];

export interface TruthRow {
  readonly key: string;
  readonly value: Buffer;
}

/** The end of the log. */
export interface TruthHead {
  readonly tx: number;
  readonly time: number;
  readonly epoch: number;
  readonly link: Buffer;
}

/** A store that is read, while others may write to it. */
export interface TruthSource {
  head(): Promise<TruthHead>;
  /** The rows of a part up to a head, in the order of their keys, some at a time. */
  rows(part: PartName, head: TruthHead): AsyncIterable<readonly TruthRow[]>;
  close(): Promise<void>;
}

/** A new store that is filled. */
export interface TruthTarget {
  write(part: PartName, rows: readonly TruthRow[]): Promise<void>;
  /** Makes everything derived and verifies the chain; gives what is wrong, in words. After this the store is there. */
  finish(head: TruthHead): Promise<string | undefined>;
  /** Leaves nothing of what was written. */
  abandon(): Promise<void>;
}
