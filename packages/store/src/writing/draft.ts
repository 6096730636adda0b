import type { Json } from '@drops/ir';
import type { RecordKind } from '../log/log-record.js';
import type { Body } from '../log/payload.js';

/** What the derived tables must know of the row that a record replaces. */
export interface Replaced {
  readonly tx: number;
  readonly expiresAt: number;
  /** The row is marked as having counters. */
  readonly marked: boolean;
  /** As it was written; undefined: it is in the tables. */
  readonly payload: Json | undefined;
}

/** A record of the log in the making. */
export interface Draft {
  readonly kind: RecordKind;
  readonly tx: number;
  readonly route: string;
  readonly key: string | null;
  readonly version: number;
  /** The row in `current` before. */
  readonly replaced: Replaced | undefined;
  /** A row in `gone` before. */
  readonly gone: boolean;
  expiresAt: number;
  price: number | undefined;
  /** The event that a hide or expire is about. */
  target: number;
  payload: Json;
  /** undefined: no payload row. */
  body: Body | undefined;
  /** Of kind counter: where, and the value from now on; null clears it. */
  counter: { readonly path: string; readonly value: number | null } | undefined;
  /** Set when the record is written. */
  commitment: Buffer | undefined;
}

/** A draft whose particulars its maker fills in. */
export function createDraft(
  kind: RecordKind,
  tx: number,
  route: string,
  key: string | null,
  version: number,
  replaced: Replaced | undefined,
  gone: boolean,
): Draft {
  return {
    kind,
    tx,
    route,
    key,
    version,
    replaced,
    gone,
    expiresAt: 0,
    price: undefined,
    target: 0,
    payload: null,
    body: undefined,
    counter: undefined,
    commitment: undefined,
  };
}
