import { invariant } from '@drops/diagnostics';
import type { IndexScanPath, Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { unheld, type Holder, type QueryBudget } from '../budget.js';
import type { Pacer } from '../pacer.js';
import { batchSize, type Batch, type Row } from '../row.js';
import { readAccess, type Visible } from './access.js';
import { hashJoin, matchText, pairOf, type JoinKey } from './hash-join.js';
import type { Pulled, Source } from './source.js';

/** Rows whose indexed field has a value; undefined once the index cannot be used any more. */
export type IndexMatches = (value: Json) => readonly Row[] | undefined;

/** Finds rows by an index of a snapshot. A snapshot that outlives its transaction has none. */
export function indexMatches(
  snapshot: Snapshot,
  path: IndexScanPath,
  visible: Visible | undefined,
  budget: QueryBudget,
  fields?: readonly string[],
): IndexMatches {
  return (value) => {
    if (!snapshot.indexes(path.route).some(({ id }) => id === path.index)) return undefined;
    const source = readAccess(snapshot, { ...path, equal: [value] }, visible, undefined, budget, fields);
    const rows: Row[] = [];
    for (;;) {
      const batch = source.next();
      invariant(!(batch instanceof Promise), 'an index is read at once');
      if (batch === null) return rows;
      for (const row of batch) rows.push(row);
    }
  };
}

export interface IndexLookupOptions {
  readonly join: 'left' | 'inner';
  /** Which key the index is over. */
  readonly pair: number;
  readonly matches: IndexMatches;
  /** All rows of the right side, for the rest of the left when the index is gone. */
  readonly openRight: () => Source;
  /** Counts the rows kept at hand. */
  readonly held?: Holder | undefined;
}

/** Most rows kept at hand: neighbouring rows often have the same value. */
const maxCached = 10_000;
/** Left rows that are looked up before others get their turn. */
const lookedUp = 64;

/** Finds the right rows of left rows, each value once while it is remembered. */
function createFinder(keys: readonly JoinKey[], { pair, matches, held = unheld }: IndexLookupOptions) {
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  const cache = new Map<string, readonly Row[]>();
  let cached = 0;
  return (row: Row): readonly Row[] | undefined => {
    const text = matchText(row, leftKeys);
    if (text === undefined) return [];
    const known = cache.get(text);
    if (known) return known;
    const found = matches(keys[pair]?.left(row) ?? null);
    // The index does not tell all values apart, and knows one field only.
    const equal = found?.filter((right) => matchText(right, rightKeys) === text);
    if (!equal) return undefined;
    cached += equal.length + 1;
    if (cached > maxCached) {
      cache.clear();
      held.keep(0);
      cached = equal.length + 1;
    }
    held.addRows(equal);
    cache.set(text, equal);
    return equal;
  };
}

/** The pairs of a hash join, in the same order, by one look-up of an index per left value. */
export function indexLookupJoin(
  left: Source,
  pacer: Pacer,
  keys: readonly JoinKey[],
  options: IndexLookupOptions,
): Source {
  const { join, openRight, held } = options;
  const find = createFinder(keys, options);
  let batch: Batch = [];
  let at = 0;
  let joined: Row[] = [];
  let given = 0;
  let rest: Source | undefined;
  /** The left rows that were not looked up yet. */
  const remaining: Source = {
    next() {
      if (at >= batch.length) return left.next();
      const rows = batch.slice(at);
      at = batch.length;
      return rows;
    },
    close: () => left.close(),
  };

  /** Joins the next left rows; false once the index is gone. */
  const joinSome = (): boolean => {
    joined = [];
    given = 0;
    for (const row of batch.slice(at, at + lookedUp)) {
      const found = find(row);
      if (!found) return false;
      at += 1;
      if (found.length === 0 && join === 'left') joined.push(row);
      for (const right of found) joined.push(pairOf(row, right));
    }
    return true;
  };
  const take = (pulled: Batch | null): Pulled => {
    if (pulled === null) return null;
    batch = pulled;
    at = 0;
    return next();
  };
  const next = (): Pulled => {
    for (;;) {
      if (given < joined.length) {
        const rows = joined.slice(given, given + batchSize);
        given += batchSize;
        return rows;
      }
      if (rest) return rest.next();
      const pause = pacer.tick();
      if (pause) return pause.then(next);
      if (at >= batch.length) {
        const pulled = left.next();
        return pulled instanceof Promise ? pulled.then(take) : take(pulled);
      }
      if (!joinSome()) rest = hashJoin(remaining, openRight(), pacer, keys, { join, build: 'right', held });
    }
  };
  return {
    next,
    close() {
      left.close();
      rest?.close();
    },
  };
}
