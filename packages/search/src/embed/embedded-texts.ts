import { accessKey, definitionRoutes, dotProduct, unitVector, vectorIn } from '@drops/ir';
import type { DerivedRange, DerivedRow, LogRecord, Snapshot, Store } from '@drops/store';
import { eachText } from '../text/texts.js';
import { keepNearest } from '../vector/nearest.js';
import type { VectorAnswer } from '../vector/vector-index.js';
import type { Embedder } from './embedder.js';
import {
  embeddingKey,
  headKey,
  packEmbedding,
  packHead,
  routeRange,
  unpackEmbedding,
  unpackHead,
} from './embedding-rows.js';

/** Texts of drops without a vector of their own, by what an embedder makes of them. */
export interface EmbeddedTexts {
  /**
   * The nearest to a text on some routes; undefined where the embedder fails, for a state of the past, and where nothing
   * is embedded. `seen` gets the txs of what was compared. A write is found when it has been embedded, which happens beside other work.
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

/** Records of the log that are embedded together. */
const batch = 64;
/** Characters of a text that an embedder is given. */
const mostText = 8000;
/** After how many ms an embedder that failed is asked again, if nothing is written before. */
const retryAfter = 30_000;

const ownRoutes: ReadonlySet<string> = new Set(Object.values(definitionRoutes));

/** What is embedded of a record; undefined: nothing. */
function textOf({ kind, route, key, payload }: LogRecord): string | undefined {
  // Own vectors always win.
  if (kind !== 'put' || key === accessKey || ownRoutes.has(route) || vectorIn(payload)) return undefined;
  const texts: string[] = [];
  eachText(payload, (text) => texts.push(text));
  const text = texts.join('\n').slice(0, mostText);
  return text.trim() === '' ? undefined : text;
}

/** Embeds what is written to a store, as long as it is open; undefined where the store keeps no rows for others. */
export function openEmbeddedTexts(store: Store, embedder: Embedder): EmbeddedTexts | undefined {
  const rows = store.derived?.('embeddings');
  if (!rows) return undefined;
  const { name: model } = embedder;
  const guardKey = headKey(model);
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  /** Embeds the next records; false when there are none. */
  const step = async (): Promise<boolean> => {
    const before = rows.get(guardKey);
    const records = await store.log(unpackHead(before), batch);
    const last = records.at(-1);
    if (!last) return false;
    const newest = new Map<string, LogRecord>();
    for (const record of records) {
      if (record.kind === 'counter') continue;
      newest.set(embeddingKey(model, record.route, record.key, record.target ?? record.tx), record);
    }
    const wanted = [...newest].flatMap(([key, record]) => {
      const text = textOf(record);
      return text === undefined ? [] : [{ key, record, text }];
    });
    const vectors = wanted.length === 0 ? [] : await embedder.embed(wanted.map(({ text }) => text));
    const removed: DerivedRange[] = [...newest.keys()].map((start) => ({ start, end: `${start}\0` }));
    const puts: DerivedRow[] = wanted.map(({ key, record }, i) => ({
      key,
      value: packEmbedding({ tx: record.tx, key: record.key, vector: unitVector(vectors[i] ?? []) }),
    }));
    // Where another process was quicker, this one goes on from there.
    rows.apply({
      guard: { key: guardKey, value: before },
      removed,
      puts: [...puts, { key: guardKey, value: packHead(last.tx) }],
    });
    return true;
  };

  const run = (): void => {
    if (closed) return;
    clearTimeout(retry);
    running ??= (async () => {
      try {
        while (!closed && (await step()));
      } catch {
        retry = setTimeout(run, retryAfter).unref();
      } finally {
        running = undefined;
      }
    })();
  };
  const stop = store.onCommit(run);
  run();

  return {
    async search(snapshot, routes, text, count, seen) {
      const [numbers] = await embedder.embed([text.slice(0, mostText)]).catch(() => []);
      if (!numbers) return undefined;
      const query = unitVector(numbers);
      const nearest = keepNearest(count, seen);
      let compared = 0;
      for (const route of routes) {
        for (const { value } of rows.range(routeRange(model, route))) {
          const { tx, key, vector } = unpackEmbedding(value);
          if (tx > snapshot.tx || vector.length !== query.length) continue;
          compared += 1;
          nearest.compared(tx);
          const score = dotProduct(query, vector);
          if (nearest.wants(score)) nearest.add({ route, key, tx, score });
        }
      }
      if (compared === 0) return undefined;
      const hits = nearest.best();
      return { hits, compared, total: compared, dimensions: query.length, indexType: 'brute_force' };
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
