import { fail, type Span } from '@drops/diagnostics';
import { getProperty, isArray, isObject, type Json } from './json.js';

/** The field of a payload that holds its vector. */
export const vectorField = 'vector';

/** The array that a payload has for a vector; undefined where `vector` is missing or plain data. */
export function vectorIn(payload: Json): readonly Json[] | undefined {
  const value = isObject(payload) ? getProperty(payload, vectorField) : undefined;
  return isArray(value) ? value : undefined;
}

const isNumber = (item: Json): item is number => typeof item === 'number' && Number.isFinite(item);

/** True for a non-empty list of finite numbers. */
export function isVector(value: Json): value is readonly number[] {
  return isArray(value) && value.length > 0 && value.every(isNumber);
}

/** A value that must be a vector. INVALID_VECTOR, naming the first place that is no number. */
export function readVector(value: Json, span?: Span): readonly number[] {
  if (isVector(value)) return value;
  fail('INVALID_VECTOR', `a vector is a list of numbers; found ${faultOf(value)}`, {
    ...(span && { span }),
    hint: 'vector (0.12, -0.34)',
  });
}

function faultOf(value: Json): string {
  if (!isArray(value)) return value === null ? 'null' : `a value of type ${typeof value}`;
  const place = value.findIndex((item) => !isNumber(item));
  if (place < 0) return 'an empty list';
  const text = JSON.stringify(value[place]);
  return `${text.length <= 40 ? text : `${text.slice(0, 40)}…`} at place ${place}`;
}

/** The vector of length 1 in the same direction, as 32-bit floats: of two of them the cosine is the dot product. All zeros stay so. */
export function unitVector(numbers: readonly number[]): Float32Array {
  // The square of a large number overflows, that of a small one vanishes.
  let largest = 0;
  for (const n of numbers) largest = Math.max(largest, Math.abs(n));
  const unit = new Float32Array(numbers.length);
  if (largest === 0) return unit;
  let sum = 0;
  for (const n of numbers) sum += (n / largest) ** 2;
  const length = Math.sqrt(sum);
  for (let i = 0; i < numbers.length; i += 1) unit[i] = (numbers[i] ?? 0) / largest / length;
  return unit;
}

/** The dot product of two vectors of one dimension, added as doubles. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  // Four sums at a time: the processor does not wait for one addition before the next.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (let i = whole; i < a.length; i += 1) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}
