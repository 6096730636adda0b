import { invariant } from '@drops/diagnostics';
import { accessKey, equalValues } from '@drops/ir';
import type { Found, Snapshot } from '@drops/store';
import { unheld, type Holder } from '../budget.js';
import type { Reader } from '../expressions/read-field.js';
import type { Pacer } from '../pacer.js';
import { dropRow, type Batch, type Row } from '../row.js';
import { expandRows } from './expand.js';
import { pairOf, type JoinKey } from './hash-join.js';
import type { Source } from './source.js';

export interface LookupOptions {
  readonly join: 'left' | 'inner';
  readonly route: string;
  /** False: the route may not be read, so nothing matches. */
  readonly readable: boolean;
  readonly key: Reader;
  /** What must be equal besides. */
  readonly rest: readonly JoinKey[];
  /** See the plan's node. */
  readonly fields?: readonly string[] | undefined;
  /** Counts the records kept at hand. */
  readonly held?: Holder | undefined;
}

/** Most joined records kept at hand: neighbouring rows often name the same one. */
const maxCached = 10_000;

function holds(pair: JoinKey, left: Row, right: Row): boolean {
  const value = pair.left(left);
  return value !== null && value !== undefined && equalValues(value, pair.right(right));
}

/** Entities by key, each looked up once while it is remembered. */
function createLookUps(snapshot: Snapshot, { route, readable, fields, held = unheld }: LookupOptions) {
  const cache = new Map<string, Row | null>();
  const keep = (key: string, found: Found): Row | null => {
    const row = found === undefined || found === 'deleted' ? null : dropRow(found);
    if (cache.size >= maxCached) {
      cache.clear();
      held.keep(0);
    }
    if (row) held.addRows([row]);
    cache.set(key, row);
    return row;
  };
  const mayRead = (key: string): boolean => readable && key !== accessKey;
  return {
    /** Looks up at once; what a store cannot answer at once was fetched before. */
    of(key: string): Row | null {
      const known = cache.get(key);
      if (known !== undefined) return known;
      const found = mayRead(key) ? snapshot.get(route, key, fields) : undefined;
      invariant(!(found instanceof Promise), 'records of another machine are fetched before they are joined');
      return keep(key, found);
    },
    /** Fetches the records of some keys in one look, where each look would have to be waited for. */
    async fetch(getMany: NonNullable<Snapshot['getMany']>, keys: readonly string[]): Promise<void> {
      const missing = [...new Set(keys)].filter((key) => !cache.has(key));
      if (cache.size + missing.length > maxCached) cache.clear();
      const asked = missing.filter(mayRead);
      const found = asked.length === 0 ? undefined : await getMany(route, asked);
      for (const key of missing) keep(key, found?.get(key));
    },
  };
}

/** The input with the records of each batch fetched before the batch is passed on. */
function fetchedAhead(left: Source, fetch: (batch: Batch) => Promise<void>): Source {
  const next = async (): Promise<Batch | null> => {
    const batch = await left.next();
    if (batch) await fetch(batch);
    return batch;
  };
  return { next, close: () => left.close() };
}

/** Each left row with the entity its value is the key of. */
export function lookupJoin(left: Source, pacer: Pacer, snapshot: Snapshot, options: LookupOptions): Source {
  const lookUps = createLookUps(snapshot, options);
  const keyOf = (row: Row): string | undefined => {
    const key = options.key(row);
    return typeof key === 'string' ? key : undefined;
  };
  const getMany = snapshot.getMany?.bind(snapshot);
  const input = getMany
    ? fetchedAhead(left, (batch) =>
        lookUps.fetch(
          getMany,
          batch.flatMap((row) => keyOf(row) ?? []),
        ),
      )
    : left;
  return expandRows(input, pacer, (row) => {
    const key = keyOf(row);
    const right = key === undefined ? null : lookUps.of(key);
    if (right && options.rest.every((pair) => holds(pair, row, right))) return [pairOf(row, right)];
    return options.join === 'left' ? [row] : [];
  });
}
