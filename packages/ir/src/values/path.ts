import { getProperty, isArray, isObject, type Json } from './json.js';

/** Names walk objects, numbers index arrays. */
export type Path = readonly (string | number)[];

/** The value at a path; undefined when any step is missing. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let current = value;
  for (const segment of path) {
    if (typeof segment === 'number') current = isArray(current) ? current[segment] : undefined;
    else current = isObject(current) ? getProperty(current, segment) : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

/** `a.b[0]`, as columns and messages show it. */
export function pathText(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
