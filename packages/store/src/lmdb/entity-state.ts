import { invariant } from '@drops/diagnostics';
import type { Json } from '@drops/ir';
import { entityRow, u48 } from './binary-keys.js';
import { saltLength } from './commitment.js';
import { parseBody, readFacts, readRow } from './current-row.js';
import type { Replaced } from './draft.js';
import type { Environment, Reader } from './environment.js';

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

/** The payload that a tx wrote. */
export function readPayload(environment: Environment, reader: Reader, tx: number): Json {
  const bytes = reader.get(environment.payloads, u48(tx));
  invariant(bytes, `tx ${tx} has no payload`);
  return parseBody(bytes, saltLength, bytes.length, false);
}

/** The payload of a live version in the tables. Small ones stand in its row, and are remembered. */
export function livePayload(
  environment: Environment,
  reader: Reader,
  routeId: number,
  key: string,
  live: LiveState,
): Json {
  const bytes = reader.get(environment.current, entityRow(routeId, key));
  const row = bytes && readRow(bytes);
  if (row?.tx !== live.tx || row.payload === undefined) return readPayload(environment, reader, live.tx);
  live.payload = row.payload;
  return row.payload;
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
    const { tx, version, expiresAt, price, counters: marked } = readFacts(bytes);
    return {
      version,
      gone: false,
      live: { tx, expiresAt, price, marked, payload: undefined, counters: undefined },
    };
  }
  const gone = reader.get(environment.gone, row);
  return gone ? { version: gone.readUInt32BE(1), live: undefined, gone: true } : neverSeen;
}
