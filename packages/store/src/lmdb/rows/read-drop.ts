import { invariant } from '@drops/diagnostics';
import type { Json, StoredDrop } from '@drops/ir';
import { parseBody } from '../../log/payload.js';
import { withCounters } from '../../writing/counter-values.js';
import { entityPrefix, entityRow, eventRow, txOfRow, u48 } from './binary-keys.js';
import { dropIdOf, saltLength } from '../../log/commitment.js';
import { readCountersAt } from '../counters/counter-history.js';
import { readCounters } from '../counters/counters.js';
import { hasCounters, readRow, readTxOfRow } from './current-row.js';
import { isRemoved } from '../writing/derive.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { readHistory } from './history-row.js';
import type { IndexRegistry } from '../indexes/index-registry.js';
import { commitmentAt, readHeader } from '../../log/log-record.js';
import type { Parsers } from './parsers.js';
import type { Route, Routes } from './routes.js';
import { storedDrop } from '../../log/stored-drop.js';

/** What a read sees: the newest state of a read transaction, or with `past` the state after `tx` out of the history. */
export interface View {
  readonly environment: Environment;
  readonly routes: Routes;
  readonly indexes: IndexRegistry;
  readonly reader: Reader;
  readonly tx: number;
  /** The clock of the statement: what has expired by then is not shown. */
  readonly now: number;
  readonly past: boolean;
  /** Reads rows where not all members of payloads are wanted. */
  readonly parsers: Parsers | undefined;
}

/** The view of who wants some members of payloads. Written out, since a spread makes a hidden class each time. */
export function withParsers(
  { environment, routes, indexes, reader, tx, now, past }: View,
  parsers: Parsers,
): View {
  return { environment, routes, indexes, reader, tx, now, past, parsers };
}

function payloadOf(view: View, tx: number): Json {
  const bytes = view.reader.get(view.environment.payloads, u48(tx));
  invariant(bytes, `tx ${tx} has no payload`);
  return parseBody(bytes, saltLength, bytes.length, false);
}

/** A drop out of its row in `current`; undefined when it has expired. */
export function liveDrop(
  view: View,
  route: Route,
  key: string | null,
  bytes: Buffer,
): StoredDrop | undefined {
  const row = readRow(bytes, (view.parsers ?? view.routes.parsers()).of(route.id));
  if (row.expiresAt !== 0 && row.expiresAt <= view.now) return undefined;
  let payload = row.payload === undefined ? payloadOf(view, row.tx) : row.payload;
  if (row.counters && key !== null) {
    payload = withCounters(payload, readCounters(view.environment, view.reader, route.id, key));
  }
  return storedDrop(row, route.path, key, payload);
}

/** A version as it was written, out of the log. */
export function writtenDrop(view: View, route: Route, tx: number): StoredDrop {
  const bytes = view.reader.get(view.environment.log, u48(tx));
  invariant(bytes, `tx ${tx} is missing from the log`);
  const header = readHeader(bytes);
  const dropId = dropIdOf(bytes, commitmentAt);
  const payload = header.kind === 'put' ? payloadOf(view, tx) : null;
  return storedDrop({ ...header, dropId, tx }, route.path, header.key, payload);
}

/**
 * The row of a version that is the newest still: in one place, where the log has it in three. One that may have counters is left
 * to the history.
 */
function newestRow(view: View, route: Route, key: string | null, tx: number): Buffer | undefined {
  const row = key === null ? eventRow(route.id, tx) : entityRow(route.id, key);
  const bytes = view.reader.peek(view.environment.current, row);
  return bytes && readTxOfRow(bytes) === tx && !hasCounters(bytes) ? bytes : undefined;
}

/** A version as the past shows it: with the counters of that time; undefined when it had expired. */
export function pastDrop(view: View, route: Route, key: string | null, tx: number): StoredDrop | undefined {
  const bytes = newestRow(view, route, key, tx);
  if (bytes) return liveDrop(view, route, key, bytes);
  const drop = writtenDrop(view, route, tx);
  if (drop.expires_at !== undefined && Date.parse(drop.expires_at) <= view.now) return undefined;
  if (drop.key === null) return drop;
  const counters = readCountersAt(view.environment, view.reader, route.id, drop.key, view.tx);
  return counters.size === 0 ? drop : { ...drop, payload: withCounters(drop.payload, counters) };
}

function getLive(view: View, route: Route, key: string): StoredDrop | 'deleted' | undefined {
  const { environment, reader } = view;
  const row = entityRow(route.id, key);
  const bytes = reader.peek(environment.current, row);
  if (bytes) return liveDrop(view, route, key, bytes);
  const gone = reader.get(environment.gone, row);
  return gone && isRemoved(gone) ? 'deleted' : undefined;
}

function getPast(view: View, route: Route, key: string): StoredDrop | 'deleted' | undefined {
  const start = entityPrefix(route.id, key);
  const range = { start, end: start + u48(view.tx + 1), reverse: true, limit: 1 };
  const [newest] = view.reader.range(view.environment.history, range);
  if (!newest) return undefined;
  if (readHistory(newest.value).kind === 'delete') return 'deleted';
  return pastDrop(view, route, key, txOfRow(newest.key));
}

/** The live entity of a key, `deleted` when its newest version is a tombstone, else nothing. */
export function getEntity(view: View, path: string, key: string): StoredDrop | 'deleted' | undefined {
  const route = view.routes.find(view.reader, path);
  if (!route) return undefined;
  return view.past ? getPast(view, route, key) : getLive(view, route, key);
}
