import {
  compareValues,
  equalValues,
  isArray,
  typeRank,
  type ComparisonOperator,
  type Json,
  type Like,
} from '@drops/ir';

/** A comparison of two values that are not both literal nulls: null or missing on either side is false. */
export function compareScalars(
  op: ComparisonOperator,
  left: Json | undefined,
  right: Json | undefined,
): boolean {
  if (left === null || left === undefined || right === null || right === undefined) return false;
  if (op === '=') return equalValues(left, right);
  if (op === '!=') return !equalValues(left, right);
  // Values of different types never order.
  if (typeRank(left) !== typeRank(right)) return false;
  const order = compareValues(left, right);
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  return op === '>' ? order > 0 : order >= 0;
}

/** `contains`, `starts with`, `ends with`: a substring of a string, an equal element of an array, else false. */
export function matchScalars(match: Like['match'], left: Json | undefined, right: Json | undefined): boolean {
  if (right === undefined) return false;
  if (typeof left === 'string') {
    if (typeof right !== 'string') return false;
    if (match === 'contains') return left.includes(right);
    return match === 'prefix' ? left.startsWith(right) : left.endsWith(right);
  }
  return match === 'contains' && isArray(left) && left.some((item) => equalValues(item, right));
}
