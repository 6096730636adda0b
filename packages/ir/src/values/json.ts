import type { Json, JsonObject } from '@drops/diagnostics';

export type { Json, JsonObject };

/** A JSON object under construction. */
export type MutableObject = { [name: string]: Json };

/** True for what is no list and no object; a value that is missing is none either. */
export const isScalar = (value: Json | undefined): boolean => typeof value !== 'object' || value === null;

/** True for JSON objects: not null, not an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for JSON arrays. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Sets an own property; `__proto__` becomes a name like any other, as in JSON.parse. */
export function setProperty(target: MutableObject, name: string, value: Json): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

/** An own property, or undefined: never something inherited. */
export function getProperty(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A copy with some names replaced; names set to null by `merge` semantics are removed when `dropNull`. */
export function mergeObjects(base: JsonObject, changes: JsonObject, dropNull: boolean): JsonObject {
  const merged: MutableObject = {};
  for (const name of Object.keys(base)) {
    const value = base[name];
    if (value !== undefined && !Object.hasOwn(changes, name)) setProperty(merged, name, value);
    else if (Object.hasOwn(changes, name)) {
      const change = changes[name];
      if (change !== undefined && !(dropNull && change === null)) setProperty(merged, name, change);
    }
  }
  for (const name of Object.keys(changes)) {
    const change = changes[name];
    if (change === undefined || Object.hasOwn(base, name) || (dropNull && change === null)) continue;
    setProperty(merged, name, change);
  }
  return merged;
}
