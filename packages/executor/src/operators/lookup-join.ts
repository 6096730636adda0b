import { accessKey, equalValues } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { unheld, type Holder } from '../budget.js';
import type { Reader } from '../expressions/read-field.js';
import type { Pacer } from '../pacer.js';
import { dropRow, type Row } from '../row.js';
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
  /** Counts the records kept at hand. */
  readonly held?: Holder | undefined;
}

/** Most joined records kept at hand: neighbouring rows often name the same one. */
const maxCached = 10_000;

function holds(pair: JoinKey, left: Row, right: Row): boolean {
  const value = pair.left(left);
  return value !== null && value !== undefined && equalValues(value, pair.right(right));
}

/** Each left row with the entity its value is the key of. */
export function lookupJoin(left: Source, pacer: Pacer, snapshot: Snapshot, options: LookupOptions): Source {
  const { held = unheld } = options;
  const cache = new Map<string, Row | null>();
  const lookUp = (key: string): Row | null => {
    let found = cache.get(key);
    if (found === undefined) {
      const drop = options.readable && key !== accessKey ? snapshot.get(options.route, key) : undefined;
      found = drop === undefined || drop === 'deleted' ? null : dropRow(drop);
      if (cache.size >= maxCached) {
        cache.clear();
        held.keep(0);
      }
      if (found) held.addRows([found]);
      cache.set(key, found);
    }
    return found;
  };
  return expandRows(left, pacer, (row) => {
    const key = options.key(row);
    const right = typeof key === 'string' ? lookUp(key) : null;
    if (right && options.rest.every((pair) => holds(pair, row, right))) return [pairOf(row, right)];
    return options.join === 'left' ? [row] : [];
  });
}
