import type { LogRecord, Store } from '@drops/store';
import type { IndexState } from './index-state.js';
import type { MemoryDocument, MemoryPart } from './memory-part.js';

/** Access lists are no documents, and neither is what the system keeps for itself. */
const accessKey = '_access';
const systemPrefix = '__';

/** The document of an event in memory: those of a route stand in the order of the log. */
function eventIn(part: MemoryPart | undefined, path: string, tx: number): MemoryDocument | undefined {
  const route = part?.routes.get(path);
  if (!route) return undefined;
  let low = 0;
  let high = route.txs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((route.txs[middle] ?? 0) < tx) low = middle + 1;
    else high = middle;
  }
  return route.txs[low] === tx ? { route, document: low } : undefined;
}

function endInSegments(state: IndexState, record: LogRecord, eventTx: number): void {
  // Of several documents with one owner the newest is live.
  for (let i = state.segments.length - 1; i >= 0; i -= 1) {
    if (state.segments[i]?.end(record.route, record.key, eventTx, record.tx)) return;
  }
}

function endEvent(state: IndexState, record: LogRecord, target: number): void {
  const { active, frozen } = state;
  const part = [active, frozen].find((one) => eventIn(one, record.route, target));
  const found = eventIn(part, record.route, target);
  if (part && found) part.end(found, record.tx);
  else endInSegments(state, record, target);
}

function endEntity(state: IndexState, record: LogRecord, key: string): void {
  for (const part of [state.active, state.frozen]) {
    const route = part?.routes.get(record.route);
    const document = route?.owners.get(key);
    if (!part || !route || document === undefined) continue;
    route.owners.delete(key);
    return part.end({ route, document }, record.tx);
  }
  endInSegments(state, record, 0);
}

function put(state: IndexState, record: LogRecord): void {
  const { route, key, tx, payload, version } = record;
  if (key !== null && version > 1) endEntity(state, record, key);
  state.active.add({ route, key, tx }, payload);
}

/** Takes one record of the log into the index in memory. */
function follow(state: IndexState, record: LogRecord): void {
  if (record.key === accessKey || record.route.startsWith(systemPrefix)) return;
  switch (record.kind) {
    case 'put':
      return put(state, record);
    case 'delete':
    case 'hide':
    case 'expire':
      if (record.key !== null) endEntity(state, record, record.key);
      else if (record.target !== undefined) endEvent(state, record, record.target);
      return;
    case 'counter':
      return;
  }
}

/** Records read at a time. */
const recordsAtOnce = 128;

/** Takes records that follow on what was reached. */
function takeRecords(state: IndexState, records: readonly LogRecord[], from: number): void {
  // Who asked for the same records meanwhile has taken them already.
  if (state.reached !== from) return;
  for (const record of records) {
    follow(state, record);
    state.reached = record.tx;
  }
}

/** Follows the log some records further, up to a tx that there is; true when it was reached. A remote store answers later. */
export function followLog(
  state: IndexState,
  store: Pick<Store, 'log'>,
  to: number,
): boolean | Promise<boolean> {
  const from = state.reached;
  if (from >= to) return true;
  const found = store.log(from, Math.min(recordsAtOnce, to - from), false);
  const take = (records: readonly LogRecord[]): boolean => {
    takeRecords(state, records, from);
    return state.reached >= to || records.length === 0;
  };
  return found instanceof Promise ? found.then(take) : take(found);
}
