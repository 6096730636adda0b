import { compareStrings, type ComparisonOperator } from '@drops/ir';
import type { TimeColumn } from './dialect.js';
import { atom, predicate, type Fragment } from './fragment.js';

/** What a column of instants can hold everywhere. */
const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
const iso = (time: number): string => new Date(time).toISOString();

/** The first instant whose text is not before `text`; past the last one when none is. */
function firstNotBefore(text: string): number {
  let low = earliest;
  let high = latest + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compareStrings(iso(middle), text) >= 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * `_created_at` compared with a text. A drop shows its time as text and compares it as text;
 * a column of instants gives the same answer when the text is moved to the instant where the order turns.
 */
export function compareTime(
  op: ComparisonOperator,
  column: Fragment,
  text: string,
  time: TimeColumn,
): Fragment {
  const turn = firstNotBefore(text);
  const exact = turn <= latest && iso(turn) === text;
  const never = atom`FALSE`;
  const always = predicate`${column} IS NOT NULL`;
  if (op === '=' && !exact) return never;
  if (op === '!=' && !exact) return always;
  if (turn > latest) return op === '<' || op === '<=' ? always : never;
  return predicate`${column} ${sqlOperator(op, exact)} ${time.literal(iso(turn))}`;
}

function sqlOperator(op: ComparisonOperator, exact: boolean): string {
  if (op === '!=') return '<>';
  if (exact) return op;
  // No instant has this text: what is above it starts at the turn.
  return op === '>' ? '>=' : op === '<=' ? '<' : op;
}
