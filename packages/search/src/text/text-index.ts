import type { Snapshot, Store } from '@drops/store';
import { createBuilder } from './builder.js';
import { followLog } from './follow-log.js';
import { createIndexState, partsOf, refreshState } from './index-state.js';
import { rankText, type TextMatches, type TextQuery } from './rank.js';
import type { Part, RouteScope } from './part.js';
import { pastPart } from './past-part.js';

/** What a search by text is asked for. */
export interface TextRequest {
  readonly scope: RouteScope;
  readonly text: string;
  /** How many hits are wanted. */
  readonly count: number;
  /** Txs that another search has compared: they are compared, and not counted again. */
  readonly seen?: ReadonlySet<number> | undefined;
  /** Told of drops that are read because no index has them yet, or any more; it may make the search wait, or end it by throwing. */
  readonly read: (drops: number) => void | Promise<void>;
}

/** The texts of a store by how well they fit. */
export interface TextSearch {
  /**
   * The live drops that fit a text best, of the state that a snapshot shows. `past`: the snapshot is one of the past.
   * Answers at once unless much is to be read first.
   */
  search(snapshot: Snapshot, request: TextRequest, past: boolean): TextMatches | Promise<TextMatches>;
  /** Answers when segments hold all but the last few documents and none waits to be merged. */
  settled(): Promise<void>;
  close(): void;
}

/** Records that are followed without giving others their turn. */
const recordsAtOnce = 512;
const sliceTime = 5;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type RouteVisible = RouteScope['visible'];

/** Tells which routes of a search show only some of their drops; undefined where none does. */
function filterOf(snapshot: Snapshot, { route, visible }: RouteScope): RouteVisible | undefined {
  if (!snapshot.filtered) return undefined;
  const filtered = new Set(
    snapshot.routes(route).filter((path) => snapshot.filtered?.(path) === true && visible(path)),
  );
  return filtered.size === 0 ? undefined : (path) => filtered.has(path);
}

/** Opens the text index of a store. It writes to the store only beside other work, and never in a transaction of others. */
export function openTextIndex(store: Store): TextSearch {
  const rows = store.derived?.('text');
  const state = createIndexState();
  /** Txs that searches wait to be reached: nobody goes further meanwhile. */
  const awaited = new Set<number>();
  const limit = (tx: number): number => Math.min(tx, ...awaited);
  const builder = rows && createBuilder({ store, rows, state, limit });

  /** Follows the log up to a tx: at once if it is not far and the store is at hand. */
  const ready = (tx: number, read: TextRequest['read']): void | Promise<void> => {
    if (tx - state.reached > recordsAtOnce) return readyLater(tx, read);
    for (;;) {
      const followed = followLog(state, store, tx);
      if (followed instanceof Promise) return readyLater(tx, read);
      if (followed) return;
    }
  };
  const readyLater = async (tx: number, read: TextRequest['read']): Promise<void> => {
    awaited.add(tx);
    try {
      let until = performance.now() + sliceTime;
      while (!(await followLog(state, store, limit(tx))) || state.reached < tx) {
        if (performance.now() < until) continue;
        await nextTurn();
        await read(0);
        if (rows) refreshState(state, rows);
        until = performance.now() + sliceTime;
      }
    } finally {
      awaited.delete(tx);
    }
  };
  const rank = (request: TextRequest, tx: number, others: readonly Part[] = []): TextMatches =>
    rankText([...partsOf(state), ...others], { ...request, tx });
  /** Routes of which the caller does not see every drop: the index knows too much of them, so what is shown of them is read. */
  const rankFiltered = async (
    snapshot: Snapshot,
    request: TextRequest,
    filtered: RouteVisible,
  ): Promise<TextMatches> => {
    const { route, visible } = request.scope;
    const own = { route, visible: (path: string) => visible(path) && filtered(path) };
    const read = await pastPart(snapshot, own, request.read);
    const indexed = { route, visible: (path: string) => visible(path) && !filtered(path) };
    return rank({ ...request, scope: indexed }, snapshot.tx, [{ ...read, select: () => read.select(own) }]);
  };
  const searchPast = async (snapshot: Snapshot, request: TextRequest): Promise<TextMatches> => {
    const part = await pastPart(snapshot, request.scope, request.read);
    const query: TextQuery = { ...request, tx: Infinity };
    return rankText([part], query);
  };
  /** Segments may hold more than the snapshot shows when another process wrote them meanwhile. */
  const isAhead = (tx: number): boolean => state.manifest.covered > tx;

  return {
    search(snapshot, request, past) {
      if (rows) refreshState(state, rows);
      const { tx } = snapshot;
      if (past || isAhead(tx)) return searchPast(snapshot, request);
      const filtered = filterOf(snapshot, request.scope);
      const rankNow = () => (filtered ? rankFiltered(snapshot, request, filtered) : rank(request, tx));
      const later = ready(tx, request.read);
      if (!later) return rankNow();
      return later.then(() => (isAhead(tx) ? searchPast(snapshot, request) : rankNow()));
    },
    settled: () => builder?.settled() ?? Promise.resolve(),
    close: () => builder?.close(),
  };
}
