import type { Json } from '@drops/ir';
import type { RouteSample } from '../../store.js';
import {
  entityRange,
  entityRow,
  eventRange,
  eventRow,
  isEventRow,
  keyOfRow,
  u48,
} from '../rows/binary-keys.js';
import { readHeader, routeIdOf } from '../../log/log-record.js';
import { liveDrop, type View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import { readStatistics } from './statistics.js';

/** Up to this size a route is sampled by skipping rows, which costs by its size; beyond, by its places in the log. */
const skippedRows = 50_000;
/** Places of the log that are tried for each row of a sample. */
const tries = 4;
/** Fewer rows than this tell nothing. */
const leastRows = 50;

/** The payload in a row of `current`; undefined when it is not there or has expired. */
function payloadAt(view: View, route: Route, row: string): { readonly payload: Json } | undefined {
  const bytes = view.reader.peek(view.environment.current, row);
  return bytes && liveDrop(view, route, isEventRow(row) ? null : keyOfRow(row), bytes);
}

/** Rows that stand equally far from each other. */
function* rowsBySkipping(view: () => View, route: Route, step: number): Iterable<string> {
  const end = eventRange(route.id)[1];
  const rowAt = (start: string, skipped: number): string | undefined => {
    const { reader, environment } = view();
    return reader.keyAt(environment.current, { start, end }, skipped);
  };
  for (let row = rowAt(entityRange(route.id)[0], 0); row !== undefined; row = rowAt(row, step)) yield row;
}

/** Numbers from 0 to 1 without a pattern, the same each time (mulberry32). */
function scattered(seed: number): number {
  let state = Math.imul(seed, 0x6d2b79f5);
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}

/** Rows of the route that were written at places scattered over the log, each at most once; undefined for a place of something else. */
function* rowsOfLog(view: () => View, route: Route, count: number): Iterable<string | undefined> {
  const seen = new Set<string>();
  const { tx } = view();
  const rowAt = (at: number): string | undefined => {
    const { reader, environment } = view();
    const bytes = reader.get(environment.log, u48(at));
    if (!bytes || routeIdOf(bytes) !== route.id) return undefined;
    const header = readHeader(bytes);
    if (header.kind !== 'put') return undefined;
    return header.key === null ? eventRow(route.id, at) : entityRow(route.id, header.key);
  };
  for (let i = 1; i <= count; i += 1) {
    const row = rowAt(1 + Math.floor(scattered(i) * tx));
    yield row === undefined || seen.has(row) ? undefined : row;
    if (row !== undefined) seen.add(row);
  }
}

/**
 * Samples up to `size` rows spread over a route; no payloads where there is too little to tell anything. It yields after
 * each row that it tries, and asks for the view anew after that: what is sampled needs to be no single state.
 */
export function* sampleRoute(view: () => View, path: string, size: number): Generator<void, RouteSample> {
  const { routes, reader, environment, tx } = view();
  const route = routes.find(reader, path);
  if (!route) return { rows: 0, tx, payloads: [] };
  const { entities, events } = readStatistics(environment, reader, route.id);
  const rows = entities + events;
  const tried =
    rows <= skippedRows
      ? rowsBySkipping(view, route, Math.max(1, Math.ceil(rows / size)))
      : rowsOfLog(view, route, size * tries);
  const payloads: Json[] = [];
  for (const row of tried) {
    const found = row === undefined ? undefined : payloadAt(view(), route, row);
    if (found) payloads.push(found.payload);
    if (payloads.length >= size) break;
    yield;
  }
  return { rows, tx, payloads: payloads.length >= Math.min(rows, leastRows) ? payloads : [] };
}
