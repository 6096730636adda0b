import type { Json } from '@drops/ir';
import { entityRow } from './binary-keys.js';
import { noCounters, readCounters, type Counters } from './counters.js';
import { parseBody, readFacts } from './current-row.js';
import type { Environment, Reader } from './environment.js';
import { saltLength } from './commitment.js';
import { invariant } from '@drops/diagnostics';
import { u48 } from './binary-keys.js';

/** What a write must know of an entity before it. */
export interface EntityState {
  /** Number of its newest version, tombstones counted; 0 when there never was one. */
  readonly version: number;
  /** The row in `current`, expired or not. */
  readonly live: LiveState | undefined;
  /** A row in `gone` says why it is not live. */
  readonly gone: boolean;
}
export interface LiveState {
  readonly tx: number;
  readonly expiresAt: number;
  readonly price: number | undefined;
  /** The row is marked as having counters. */
  readonly marked: boolean;
  /** Loaded when first asked for. */
  readonly payload: () => Json;
  readonly counters: () => Counters;
}

export const neverSeen: EntityState = { version: 0, live: undefined, gone: false };

function once<T>(load: () => T): () => T {
  let held: { readonly value: T } | undefined;
  return () => (held ??= { value: load() }).value;
}

/** The payload that a tx wrote. */
export function readPayload(environment: Environment, reader: Reader, tx: number): Json {
  const bytes = reader.get(environment.payloads, u48(tx));
  invariant(bytes, `tx ${tx} has no payload`);
  return parseBody(bytes, saltLength, bytes.length, false);
}

/** What the database says of an entity. */
export function readState(
  environment: Environment,
  reader: Reader,
  routeId: number,
  key: string,
): EntityState {
  const row = entityRow(routeId, key);
  const bytes = reader.get(environment.current, row);
  if (bytes) {
    const { tx, version, expiresAt, price, counters } = readFacts(bytes);
    return {
      version,
      gone: false,
      live: {
        tx,
        expiresAt,
        price,
        marked: counters,
        payload: once(() => readPayload(environment, reader, tx)),
        counters: once(() => (counters ? readCounters(environment, reader, routeId, key) : noCounters)),
      },
    };
  }
  const gone = reader.get(environment.gone, row);
  return gone ? { version: gone.readUInt32BE(1), live: undefined, gone: true } : neverSeen;
}
