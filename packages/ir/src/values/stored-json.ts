import { fail, type Span } from '@drops/diagnostics';
import { isArray, isObject, setProperty, type Json, type JsonObject, type MutableObject } from './json.js';

/** Deepest nesting of a value. */
export const maxDepth = 100;

/** Any surrogate is found far faster than a lone one, and most texts have none. */
const anySurrogate = /[\ud800-\udfff]/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * A value as it may be stored: -0 becomes 0; the same value when nothing is to change.
 * TYPE_ERROR for a number that is no finite double, a lone surrogate, or nesting deeper than 100.
 */
export function storableJson(value: Json, span?: Span): Json {
  return check(value, span, 0);
}

/** Whether a text may be stored. */
export function isStorable(text: string): boolean {
  return !anySurrogate.test(text) || !loneSurrogate.test(text);
}

function checkText(text: string, span: Span | undefined): void {
  if (!isStorable(text)) {
    fail('TYPE_ERROR', 'a text holds half of a surrogate pair, which is no character', { span });
  }
}

function check(value: Json, span: Span | undefined, depth: number): Json {
  if (typeof value === 'string') {
    checkText(value, span);
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      fail('TYPE_ERROR', 'a number is too large: numbers are IEEE doubles, up to about 1.8e308', { span });
    }
    return value === 0 ? 0 : value;
  }
  if (value === null || typeof value === 'boolean') return value;
  if (depth >= maxDepth) fail('TYPE_ERROR', `a value is nested deeper than ${maxDepth} levels`, { span });
  return isArray(value) ? checkItems(value, span, depth + 1) : checkMembers(value, span, depth + 1);
}

function checkItems(items: readonly Json[], span: Span | undefined, depth: number): Json {
  let changed: Json[] | undefined;
  for (const [i, item] of items.entries()) {
    const result = check(item, span, depth);
    if (!changed && !Object.is(result, item)) changed = items.slice(0, i);
    changed?.push(result);
  }
  return changed ?? items;
}

function checkMembers(object: Json, span: Span | undefined, depth: number): Json {
  if (!isObject(object)) return object;
  let changed: MutableObject | undefined;
  for (const [name, member] of Object.entries(object)) {
    checkText(name, span);
    const result = check(member, span, depth);
    if (Object.is(result, member)) continue;
    changed ??= copyOf(object);
    setProperty(changed, name, result);
  }
  return changed ?? object;
}

function copyOf(object: JsonObject): MutableObject {
  const copy: MutableObject = {};
  for (const [name, member] of Object.entries(object)) setProperty(copy, name, member);
  return copy;
}
