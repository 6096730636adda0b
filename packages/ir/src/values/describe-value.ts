import type { Json } from './json.js';

/** What a value is, in a message. */
export function describeValue(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return value.length <= 40 ? `the text ${JSON.stringify(value)}` : 'a text';
  return `${typeof value === 'number' ? 'the number' : 'the value'} ${String(value)}`;
}
