import {
  isArray,
  isObject,
  mergeObjects,
  setProperty,
  getProperty,
  type Json,
  type MutableObject,
  type Path,
} from '@drops/ir';

/** Counters of one entity: path (see `pathKey`) → value. */
export type Counters = ReadonlyMap<string, number>;

/** A path as a key: JSON, so that names and indexes differ. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** The path of a key. */
export function pathOfKey(key: string): Path {
  const path: Path = JSON.parse(key);
  return path;
}

function setAt(value: Json | undefined, path: Path, step: number, leaf: number): Json {
  const segment = path[step];
  if (segment === undefined) return leaf;
  if (typeof segment === 'number') {
    if (!isArray(value) || segment >= value.length) return value ?? null;
    return value.map((item, i) => (i === segment ? setAt(item, path, step + 1, leaf) : item));
  }
  const base = isObject(value) ? value : {};
  const change: MutableObject = {};
  setProperty(change, segment, setAt(getProperty(base, segment), path, step + 1, leaf));
  return mergeObjects(base, change, false);
}

/** A payload with its counters in their places. */
export function withCounters(payload: Json, counters: Counters): Json {
  let merged = payload;
  for (const [key, value] of counters) merged = setAt(merged, pathOfKey(key), 0, value);
  return merged;
}

/** The counters that writing `payload` clears: those whose field it names, all of them when it has no fields. */
export function clearedBy(payload: Json, counters: Counters): readonly string[] {
  const keys = [...counters.keys()];
  if (!isObject(payload)) return keys;
  return keys.filter((key) => {
    const [field] = pathOfKey(key);
    return typeof field !== 'string' || Object.hasOwn(payload, field);
  });
}
