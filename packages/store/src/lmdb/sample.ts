import type { Json } from '@drops/ir';
import { entityRange, entityRow, eventRange, eventRow, isEventRow, keyOfRow, u48 } from './binary-keys.js';
import { readHeader, routeIdOf } from './log-record.js';
import { liveDrop, type View } from './read-drop.js';
import type { Route } from './routes.js';
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
function* rowsBySkipping({ reader, environment }: View, route: Route, step: number): Iterable<string> {
  const end = eventRange(route.id)[1];
  let row = reader.keyAt(environment.current, { start: entityRange(route.id)[0], end }, 0);
  while (row !== undefined) {
    yield row;
    row = reader.keyAt(environment.current, { start: row, end }, step);
  }
}

/** Numbers from 0 to 1 without a pattern, the same each time (mulberry32). */
function scattered(seed: number): number {
  let state = Math.imul(seed, 0x6d2b79f5);
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}

/** Rows of the route that were written at places scattered over the log: each at most once. */
function* rowsOfLog({ reader, environment, tx }: View, route: Route, count: number): Iterable<string> {
  const seen = new Set<string>();
  for (let i = 1; i <= count; i += 1) {
    const at = 1 + Math.floor(scattered(i) * tx);
    const bytes = reader.get(environment.log, u48(at));
    if (!bytes || routeIdOf(bytes) !== route.id) continue;
    const header = readHeader(bytes);
    if (header.kind !== 'put') continue;
    const row = header.key === null ? eventRow(route.id, at) : entityRow(route.id, header.key);
    if (seen.has(row)) continue;
    seen.add(row);
    yield row;
  }
}

/** Payloads of up to `size` rows spread over a route; none where there is too little to tell anything. */
export function sampleRoute(view: View, path: string, size: number): readonly Json[] {
  const route = view.past ? undefined : view.routes.find(view.reader, path);
  if (!route) return [];
  const { entities, events } = readStatistics(view.environment, view.reader, route.id);
  const rows = entities + events;
  const sampled =
    rows <= skippedRows
      ? rowsBySkipping(view, route, Math.max(1, Math.ceil(rows / size)))
      : rowsOfLog(view, route, size * tries);
  const payloads: Json[] = [];
  for (const row of sampled) {
    const found = payloadAt(view, route, row);
    if (found) payloads.push(found.payload);
    if (payloads.length >= size) break;
  }
  return payloads.length >= Math.min(rows, leastRows) ? payloads : [];
}
