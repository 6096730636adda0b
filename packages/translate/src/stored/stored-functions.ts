import { isExpression, walk, type Expression, type FunctionName } from '@drops/ir';
import { allOf, atom, operation, predicate, type Fragment } from '../sql/fragment.js';
import { postgres } from '../sql/postgres.js';
import type { Writer } from '../sql/writer.js';

/*
 * Functions over values of any type, with the answers of the engine. Of some the database knows for most values what the engine answers, and
 * for which it does not: a condition with one of those says `doubt OR condition`, which keeps too many rows and never too few.
 */

/** What String.prototype.trim takes away. */
const spaces =
  ' \\t\\n\\u000b\\f\\r\\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';

/** Dates and times that are on every calendar; of other texts the database does not say whether they are dates. */
const plainDate =
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,3})?)?Z?)?$';

const inOrder = (text: Fragment): Fragment => atom`(${text}) COLLATE "C"`;

/** Away from zero at halves. What is cut off is exact, so no sum of it and a half can be rounded up. */
function rounded(of: Fragment): Fragment {
  const size = atom`ABS(${of})`;
  const whole = atom`TRUNC(${size})`;
  const up = atom`CASE WHEN ${predicate`${operation`${size} - ${whole}`} >= 0.5`} THEN 1 ELSE 0 END`;
  return atom`SIGN(${of}) * (${whole} + ${up})`;
}

export function storedCall(name: FunctionName, args: readonly Fragment[]): Fragment {
  const [only] = args;
  if (!only) return postgres.call(name, args);
  switch (name) {
    // Other than by the rules of "C" each database has its own cases.
    case 'lower':
    case 'upper':
      return atom`${name.toUpperCase()}(${inOrder(only)})`;
    case 'trim':
      return atom`BTRIM(${inOrder(only)}, E'${spaces}')`;
    case 'date':
      return inOrder(atom`LEFT(${only}, 10)`);
    case 'round':
      return atom`(${rounded(only)} + 0)`;
    default:
      return postgres.call(name, args);
  }
}

const whole = (of: Fragment): Fragment =>
  allOf([predicate`${of} = TRUNC(${of})`, predicate`ABS(${of}) < 9007199254740992`]);

/** The remainder of whole numbers; of fractions it is one of doubles, which the database does not have. */
export const storedRemainder = (left: Fragment, right: Fragment): Fragment =>
  atom`CASE WHEN ${allOf([whole(left), whole(right)])} THEN CAST(CAST(${left} AS BIGINT) % NULLIF(CAST(${right} AS BIGINT), 0) AS DOUBLE PRECISION) END`;

/** True for what the database does not know of all values. */
export function isDoubtful(node: Expression): boolean {
  if (node.kind === 'Arith') return node.op === '%';
  if (node.kind !== 'Fn') return false;
  const [only] = node.args;
  const isTime = only?.kind === 'Field' && only.scope === 'system' && only.path[0] === 'created_at';
  return node.name === 'lower' || node.name === 'upper' || (node.name === 'date' && !isTime);
}

function doubt(node: Expression, writer: Writer): Fragment | undefined {
  if (node.kind === 'Arith') {
    const operands = [node.left, node.right];
    // What is no number for certain has no remainder.
    if (!operands.every((of) => ['number', 'unknown'].includes(writer.kindOf(of)))) return undefined;
    const sides = operands.map((of) => writer.value(of, 'number'));
    return predicate`(${allOf(sides.map(whole))}) IS FALSE`;
  }
  const [only] = node.kind === 'Fn' ? node.args : [];
  const text = only && writer.value(only, 'text');
  if (node.kind !== 'Fn' || !text) return undefined;
  return node.name === 'date'
    ? predicate`${inOrder(text)} !~ ${atom`'${plainDate}'`}`
    : predicate`OCTET_LENGTH(CONVERT_TO(${text}, 'UTF8')) <> LENGTH(${text})`;
}

/** When the database does not know whether a condition holds; nothing where it always does. */
export function doubtsOf(condition: Expression, writer: Writer): readonly Fragment[] {
  const found: Fragment[] = [];
  walk(condition, (node) => {
    if (!isExpression(node)) return 'skip';
    const one = isDoubtful(node) ? doubt(node, writer) : undefined;
    if (one) found.push(one);
    return undefined;
  });
  return found;
}
