import type { Json } from '@drops/ir';
import { unheld, type Holder } from '../budget.js';
import type { Reader } from '../expressions/read-field.js';
import type { Pacer } from '../pacer.js';
import type { Row } from '../row.js';
import { canonicalText } from './canonical-text.js';
import { expandRows } from './expand.js';
import { drain, lateSource, type Pulled, type Source } from './source.js';

export interface JoinKey {
  readonly left: Reader;
  readonly right: Reader;
}

/** The text and the place of a row in the table. */
const bytesOfMatch = 96;

/** The text of the values that must be equal; undefined when one is null, which never matches. */
export function matchText(row: Row, readers: readonly Reader[]): string | undefined {
  const values: Json[] = [];
  for (const read of readers) {
    const value = read(row);
    if (value === null || value === undefined) return undefined;
    values.push(value);
  }
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? `"${only}` : canonicalText(values);
}

/** The left row with a record beside it; a record of an earlier join stays behind the new one. */
export function pairOf(left: Row, right: Row): Row {
  return { ...left, right: left.right ? { ...right, right: left.right } : right };
}

export interface HashOptions {
  readonly join: 'left' | 'inner';
  /** What is held: the right side, or the left with those rows of the right that match one. */
  readonly build: 'left' | 'right';
  /** Counts what is held. */
  readonly held?: Holder | undefined;
}

/** All rows of the left side, read at once, and what they match. */
function readLeft(left: Source, pacer: Pacer, keys: readonly Reader[], held: Holder) {
  const rows: Row[] = [];
  const texts = new Set<string>();
  const read = () =>
    drain(left, pacer, (batch) => {
      held.addRows(batch);
      held.add(bytesOfMatch * batch.length);
      for (const row of batch) {
        rows.push(row);
        const text = matchText(row, keys);
        if (text !== undefined) texts.add(text);
      }
    });
  return { texts, read, source: lateSource(left, () => rows) };
}

/** Every pair of a left row and an equal right one, in left order, matches in right order. `left` keeps the unmatched. */
export function hashJoin(
  left: Source,
  right: Source,
  pacer: Pacer,
  keys: readonly JoinKey[],
  { join, build, held = unheld }: HashOptions,
): Source {
  const table = new Map<string, Row[]>();
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  const leftRows = build === 'left' ? readLeft(left, pacer, leftKeys, held) : undefined;
  let built = false;
  const readRight = () =>
    drain(right, pacer, (batch) => {
      const kept: Row[] = [];
      for (const row of batch) {
        const text = matchText(row, rightKeys);
        if (text === undefined || leftRows?.texts.has(text) === false) continue;
        kept.push(row);
        const bucket = table.get(text);
        if (bucket) bucket.push(row);
        else table.set(text, [row]);
      }
      held.addRows(kept);
      held.add(bytesOfMatch * kept.length);
    });
  const prepare = () => {
    const done = leftRows?.read();
    return done instanceof Promise ? done.then(readRight) : readRight();
  };
  const pairs = expandRows(leftRows?.source ?? left, pacer, (row) => {
    const text = matchText(row, leftKeys);
    const matches = text === undefined ? undefined : table.get(text);
    if (!matches) return join === 'left' ? [row] : [];
    return matches.map((match) => pairOf(row, match));
  });
  return {
    next(): Pulled {
      if (built) return pairs.next();
      built = true;
      const done = prepare();
      return done instanceof Promise ? done.then(() => pairs.next()) : pairs.next();
    },
    close() {
      left.close();
      right.close();
    },
  };
}
