import { randomUUID } from 'node:crypto';
import { accessKey, definitionRoutes, unitVector, vectorIn } from '@drops/ir';
import type { DerivedRange, DerivedRow, DerivedRows, LogRecord, Store } from '@drops/store';
import { eachText } from '../text/texts.js';
import { TextsRefused, type Embedder } from './embedder.js';
import {
  embeddingKeys,
  hashOf,
  headKey,
  lastName,
  makingPrefix,
  packCount,
  packHead,
  packOwned,
  packText,
  packVersion,
  unpackCount,
  unpackHead,
  unpackOwned,
  unpackVector,
  type EmbeddingHead,
  type EmbeddingKeys,
} from './embedding-rows.js';

/** Records of the log that are embedded together. */
const batch = 64;
/** Characters of a text that an embedder is given. */
export const mostText = 8000;

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

/** The newest record of each owner among some, with what is embedded of it. */
interface Wanted {
  readonly owner: string;
  readonly record: LogRecord;
  readonly hash: string | undefined;
}

/** What every embedder takes that is set up well. */
const probe = 'text';

/** A vector for each text, none for those that the embedder refuses: one text must not hold up all that come after it. */
async function embedEach(
  texts: readonly string[],
  embedder: Embedder,
): Promise<readonly (readonly number[] | undefined)[]> {
  try {
    return await embedder.embed(texts);
  } catch (thrown) {
    if (!(thrown instanceof TextsRefused)) throw thrown;
    if (texts.length === 1) {
      await embedder.embed([probe]);
      return [undefined];
    }
    const half = texts.length >> 1;
    const first = await embedEach(texts.slice(0, half), embedder);
    return [...first, ...(await embedEach(texts.slice(half), embedder))];
  }
}

/** The vectors of texts by their hashes: those that are stored, and the others as the embedder makes them. */
async function vectorsOf(
  texts: ReadonlyMap<string, string>,
  rows: DerivedRows,
  keys: EmbeddingKeys,
  embedder: Embedder,
): Promise<{ readonly vectors: ReadonlyMap<string, Float32Array>; readonly made: number }> {
  const vectors = new Map<string, Float32Array>();
  for (const hash of texts.keys()) {
    const stored = rows.get(keys.text(hash));
    if (stored) vectors.set(hash, unpackVector(stored));
  }
  const missing = [...texts].filter(([hash]) => !vectors.has(hash));
  if (missing.length === 0) return { vectors, made: 0 };
  const made = await embedEach(
    missing.map(([, text]) => text),
    embedder,
  );
  const dimension = made.find((vector) => vector !== undefined)?.length ?? 0;
  missing.forEach(([hash], i) => {
    const vector = made[i];
    if (vector === undefined) return;
    if (vector.length !== dimension) throw new Error('an embedder gives a vector for each text, all alike');
    vectors.set(hash, unitVector(vector));
  });
  return { vectors, made: dimension };
}

const only = (key: string): DerivedRange => ({ start: key, end: `${key}\0` });

/** What changes in the rows when owners have other texts. */
function changesOf(
  wanted: readonly Wanted[],
  vectors: ReadonlyMap<string, Float32Array>,
  rows: DerivedRows,
  keys: EmbeddingKeys,
): { readonly removed: readonly DerivedRange[]; readonly puts: readonly DerivedRow[] } {
  const removed: DerivedRange[] = [];
  const puts: DerivedRow[] = [];
  const texts = new Map<string, number>();
  const routes = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string, by: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + by);
  };
  for (const { owner, record, hash } of wanted) {
    const { route, key, tx, expiresAt = 0 } = record;
    const before = rows.get(owner);
    const own = keys.vectors(route);
    if (before) {
      const old = unpackOwned(before);
      removed.push(only(keys.vector(own, old.tx)), only(owner));
      add(texts, old.hash, -1);
      add(routes, route, -1);
    }
    if (hash === undefined || !vectors.has(hash)) continue;
    puts.push({ key: owner, value: packOwned({ tx, hash }) });
    puts.push({ key: keys.vector(own, tx), value: packVersion({ hash, key, expiresAt }) });
    add(texts, hash, 1);
    add(routes, route, 1);
  }
  for (const [hash, by] of texts) {
    if (by === 0) continue;
    const key = keys.text(hash);
    const stored = rows.get(key);
    const vector = vectors.get(hash) ?? (stored && unpackVector(stored));
    const count = unpackCount(stored) + by;
    if (count > 0 && vector) puts.push({ key, value: packText(count, vector) });
    else removed.push(only(key));
  }
  for (const [route, by] of routes) {
    const key = keys.count(route);
    if (by !== 0) puts.push({ key, value: packCount(unpackCount(rows.get(key)) + by) });
  }
  return { removed, puts };
}

const newMaking = (): EmbeddingHead => ({
  tx: 0,
  dimension: 0,
  making: randomUUID().replaceAll('-', '').slice(0, 16),
});

/** Lets all be embedded anew: the embedder of this name gives vectors of another dimension by now. */
export function beginAnew(rows: DerivedRows, embedder: Embedder): void {
  const key = headKey(embedder.name);
  rows.apply({
    guard: { key, value: rows.get(key) },
    removed: [],
    puts: [{ key, value: packHead(newMaking()) }],
  });
}

/**
 * Embeds the next records of the log; false when there are none. All is written under the row that tells how far it is: where another
 * process was quicker, this one goes on from there. Rejects where the embedder does.
 */
export async function embedNext(store: Store, rows: DerivedRows, embedder: Embedder): Promise<boolean> {
  const guardKey = headKey(embedder.name);
  const before = rows.get(guardKey);
  const head = unpackHead(before) ?? newMaking();
  const keys = embeddingKeys(makingPrefix(embedder.name, head.making));
  const records = await store.log(head.tx, batch);
  const last = records.at(-1);
  if (!last) return false;
  const newest = new Map<string, LogRecord>();
  for (const record of records) {
    if (record.kind === 'counter') continue;
    newest.set(keys.owner(record.route, record.key, record.target ?? record.tx), record);
  }
  const texts = new Map<string, string>();
  const wanted = [...newest].map(([owner, record]): Wanted => {
    const text = textOf(record);
    const hash = text === undefined ? undefined : hashOf(text);
    if (hash !== undefined && text !== undefined) texts.set(hash, text);
    return { owner, record, hash };
  });
  const { vectors, made } = await vectorsOf(texts, rows, keys, embedder);
  if (made !== 0 && head.dimension !== 0 && made !== head.dimension) {
    beginAnew(rows, embedder);
    return true;
  }
  const { removed, puts } = changesOf(wanted, vectors, rows, keys);
  const next = { ...head, tx: last.tx, dimension: made === 0 ? head.dimension : made };
  rows.apply({
    guard: { key: guardKey, value: before },
    removed,
    puts: [...puts, { key: guardKey, value: packHead(next) }],
  });
  return true;
}

/** Rows that are removed together. */
const removedAtOnce = 500;

/**
 * Removes rows that are not of this making, some of them; false when there are none. `foreign`: those of other embedders too, which may be
 * at work in another process.
 */
export function clearOthers(rows: DerivedRows, { name }: Embedder, foreign: boolean): boolean {
  const guardKey = headKey(name);
  const before = rows.get(guardKey);
  const head = unpackHead(before);
  // Until the new ones are begun nothing tells which are old.
  if (!head) return false;
  const own = makingPrefix(name, head.making);
  const all = makingPrefix(name, '');
  const others: readonly DerivedRange[] = [
    { start: all, end: own },
    { start: `${own}\xff`, end: `${all}\xff` },
    ...(foreign
      ? [
          { start: '', end: guardKey },
          { start: `${all}\xff`, end: lastName },
        ]
      : []),
  ];
  const found = others.flatMap((range) =>
    [...rows.range({ ...range, limit: removedAtOnce })].map(({ key }) => only(key)),
  );
  if (found.length === 0) return false;
  rows.apply({ guard: { key: guardKey, value: before }, removed: found, puts: [] });
  return true;
}
