import { setImmediate } from 'node:timers/promises';
import { unitVector } from '@drops/ir';
import type { Snapshot, Store } from '@drops/store';
import type { OpenVectorSearch } from '../vector/open-vector-search.js';
import type { VectorAnswer } from '../vector/vector-index.js';
import { beginAnew, clearOthers, embedNext, mostText } from './embed-log.js';
import type { Embedder } from './embedder.js';
import { headKey, unpackHead } from './embedding-rows.js';
import { embeddingSource } from './embedding-source.js';

/** Texts of drops without a vector of their own, by what an embedder makes of them. */
export interface EmbeddedTexts {
  /**
   * The nearest to a text on some routes; undefined where the embedder fails, for a state of the past, and where nothing
   * is embedded. `seen` gets the txs of what was compared. What was just written is embedded first; where that is much, or the embedder slow,
   * it is found when it has been embedded, which happens beside other work.
   */
  search(
    snapshot: Snapshot,
    routes: readonly string[],
    text: string,
    count: number,
    seen?: Set<number>,
  ): Promise<VectorAnswer | undefined>;
  /** Answers when what is written so far is embedded, or the embedder fails. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** After how many ms an embedder that failed is asked again, if nothing is written before. */
const retryAfter = 30_000;
/** So many records are embedded for a search that comes right behind them, */
const mostAwaited = 512;
/** and so long, in ms, it waits for them. */
const longestWait = 2000;

/** A search that waits for a record to be embedded. */
interface Waiting {
  readonly tx: number;
  readonly done: () => void;
}

/** Embeds what is written to a store, as long as it is open; undefined where the store keeps no rows for others. */
export function openEmbeddedTexts(
  store: Store,
  embedder: Embedder,
  vectors: OpenVectorSearch,
): EmbeddedTexts | undefined {
  const rows = store.derived?.('embeddings');
  if (!rows) return undefined;
  const source = embeddingSource(rows, embedder.name);
  const waiting = new Set<Waiting>();
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  /** Since the log was last looked at. */
  let asked = false;
  /** What other embedders left is gone. Removed once: another process that still has one is to make its own again once, not for ever. */
  let isAlone = false;

  const head = () => unpackHead(rows.get(headKey(embedder.name)));
  const reached = (): number => head()?.tx ?? 0;
  /** Lets searches go on whose records are embedded; all of them where no more will be. */
  const letGo = (tx: number): void => {
    for (const one of waiting) {
      if (one.tx > tx) continue;
      waiting.delete(one);
      one.done();
    }
  };
  /** Embeds until nothing is left to do. */
  const follow = async (): Promise<void> => {
    while (!closed) {
      asked = false;
      if (await embedNext(store, rows, embedder)) letGo(reached());
      else if (asked) continue;
      else if (!clearOthers(rows, embedder, !isAlone)) {
        isAlone = true;
        return;
      }
      // Others get their turn before it is gone on with.
      await setImmediate();
    }
  };
  const run = (): void => {
    asked = true;
    if (closed) return;
    clearTimeout(retry);
    retry = undefined;
    running ??= follow()
      .catch(() => {
        retry = setTimeout(run, retryAfter).unref();
      })
      .finally(() => {
        running = undefined;
        if (asked && !retry && !closed) run();
        else letGo(Infinity);
      });
  };
  const stop = store.onCommit(run);
  run();

  /** Waits until the records up to a tx are embedded, where that is soon. */
  const catchUp = async (tx: number): Promise<void> => {
    const behind = tx - reached();
    // Where the embedder failed a moment ago nobody waits for it.
    if (behind <= 0 || behind > mostAwaited || retry || closed) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, longestWait);
      waiting.add({
        tx,
        done() {
          clearTimeout(late);
          resolve();
        },
      });
      run();
    });
  };

  return {
    async search(snapshot, routes, text, count, seen) {
      const [[numbers]] = await Promise.all([
        embedder.embed([text.slice(0, mostText)]).catch(() => []),
        catchUp(snapshot.tx),
      ]);
      if (!numbers) return undefined;
      const dimension = head()?.dimension ?? 0;
      if (dimension === 0 || dimension === numbers.length) {
        return vectors.searchSource(source, snapshot, routes, unitVector(numbers), count, seen);
      }
      beginAnew(rows, embedder);
      run();
      return undefined;
    },
    async settled() {
      run();
      await running;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      stop();
      await running;
    },
  };
}
