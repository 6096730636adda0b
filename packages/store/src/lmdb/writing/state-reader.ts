import { invariant } from '@drops/diagnostics';
import type { Json } from '@drops/ir';
import { saltLength } from '../../log/commitment.js';
import { parseBody } from '../../log/payload.js';
import { neverSeen, type EntityState, type LiveState } from '../../writing/entity-state.js';
import type { StateReader } from '../../writing/states.js';
import { entityRow, eventRow, u48 } from '../rows/binary-keys.js';
import { readCounters } from '../counters/counters.js';
import { readFacts, readRow } from '../rows/current-row.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import type { Routes } from '../rows/routes.js';
import { factsRow, readFactsRow } from '../vectors/vector-rows.js';

/** The payload that a tx wrote. */
export function readPayload(environment: Environment, reader: Reader, tx: number): Json {
  const bytes = reader.get(environment.payloads, u48(tx));
  invariant(bytes, `tx ${tx} has no payload`);
  return parseBody(bytes, saltLength, bytes.length, false);
}

/** The payload of a live version in the tables. Small ones stand in its row, and are remembered. */
function livePayload(
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
function readState(environment: Environment, reader: Reader, routeId: number, key: string): EntityState {
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

/** States as the tables have them, asked one by one. */
export function createStateReader(environment: Environment, reader: Reader, routes: Routes): StateReader {
  const idOf = (route: string): number | undefined => routes.find(reader, route)?.id;
  return {
    entity(route, key) {
      const id = idOf(route);
      return id === undefined ? neverSeen : readState(environment, reader, id, key);
    },
    event(route, tx) {
      const id = idOf(route);
      const bytes = id === undefined ? undefined : reader.get(environment.current, eventRow(id, tx));
      return bytes && readFacts(bytes);
    },
    payload(route, key, live) {
      const id = idOf(route);
      invariant(id !== undefined, 'a live entity has a route');
      return livePayload(environment, reader, id, key, live);
    },
    counters(route, key) {
      const id = idOf(route);
      return id === undefined ? new Map() : readCounters(environment, reader, id, key);
    },
    dimension(route) {
      const id = idOf(route);
      return id === undefined ? 0 : readFactsRow(reader.get(environment.vectors, factsRow(id))).dimension;
    },
  };
}
