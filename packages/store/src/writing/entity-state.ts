import type { Json } from '@drops/ir';
import type { Replaced } from './draft.js';

/** What a write must know of the row it replaces. */
export interface RowFacts {
  readonly tx: number;
  readonly version: number;
  readonly expiresAt: number;
  readonly price: number | undefined;
  readonly counters: boolean;
}

/** What a write must know of an entity before it. */
export interface EntityState {
  /** Number of its newest version, tombstones counted; 0 when there never was one. */
  readonly version: number;
  /** The row in `current`, expired or not. */
  readonly live: LiveState | undefined;
  /** A row in `gone` says why it is not live. */
  readonly gone: boolean;
}
export interface LiveState extends Replaced {
  readonly price: number | undefined;
  /** As it was written; undefined until it is asked for, or too large to be held. */
  payload: Json | undefined;
  /** Path → value; undefined until they are asked for. Kept up by the unit that counts. */
  counters: Map<string, number> | undefined;
}

export const neverSeen: EntityState = { version: 0, live: undefined, gone: false };
