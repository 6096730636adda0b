import type { Json } from '@drops/ir';
import type { Body } from './payload.js';
import type { RecordKind } from './log-record.js';

/** What the derived tables must know of the row that a record replaces. */
export interface Replaced {
  readonly tx: number;
  readonly expiresAt: number;
  readonly marked: boolean;
}

/** A record of the log before it has its commitment. */
export interface Draft {
  readonly kind: RecordKind;
  readonly tx: number;
  readonly route: string;
  readonly key: string | null;
  readonly version: number;
  readonly expiresAt: number;
  readonly price: number | undefined;
  readonly target: number;
  readonly payload: Json;
  /** undefined: no payload row. */
  readonly body: Body | undefined;
  /** The row in `current` before. */
  readonly replaced: Replaced | undefined;
  /** A row in `gone` before. */
  readonly gone: boolean;
  /** Of kind counter: where, and the value from now on; null clears it. */
  readonly counter: { readonly path: string; readonly value: number | null } | undefined;
}
