import { fail } from '@drops/diagnostics';
import {
  isArray,
  isObject,
  mergeObjects,
  setProperty,
  type Json,
  type JsonObject,
  type MutableObject,
} from '@drops/ir';
import { textOf } from './bytes.js';

/** 10 MB of UTF-8 (contract: Limits). */
export const payloadLimit = 10 * 1024 * 1024;
/** Deeper payloads would overflow the stack of JSON.stringify; the language allows 100 levels. */
const depthLimit = 1000;

/** Half of a surrogate pair: no character of its own. */
export const loneSurrogate = /\p{Surrogate}/u;

/** A number as it is stored: -0 is 0; TYPE_ERROR when it is not finite. */
function storedNumber(value: number): number {
  if (!Number.isFinite(value)) fail('TYPE_ERROR', `${value} is no JSON number.`);
  return value === 0 ? 0 : value;
}

function storedArray(value: readonly Json[], depth: number): readonly Json[] {
  let copy: Json[] | undefined;
  for (let i = 0; i < value.length; i += 1) {
    const stored = storedValue(value[i] ?? null, depth);
    if (!copy && !Object.is(stored, value[i])) copy = value.slice(0, i);
    copy?.push(stored);
  }
  return copy ?? value;
}

function storedObject(value: JsonObject, depth: number): JsonObject {
  const changes: MutableObject = {};
  let changed = false;
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (item === undefined) {
      // What JSON has no word for is left out, as JSON.stringify does.
      changed = true;
      continue;
    }
    const stored = storedValue(item, depth);
    if (Object.is(stored, item)) continue;
    setProperty(changes, name, stored);
    changed = true;
  }
  return changed ? mergeObjects(value, changes, false) : value;
}

function storedValue(value: Json, depth: number): Json {
  if (typeof value === 'number') return storedNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthLimit) fail('TYPE_ERROR', `A payload nested deeper than ${depthLimit} levels.`);
  return isArray(value)
    ? storedArray(value, depth + 1)
    : isObject(value)
      ? storedObject(value, depth + 1)
      : value;
}

function parsedText(text: string): Json {
  const first = text.trimStart().charAt(0);
  if (first !== '{' && first !== '[') return text;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/**
 * A payload as it is stored: -0 is 0, and a string that holds a JSON object or array is that object or array, once.
 * The same object comes back when nothing had to change. TYPE_ERROR for numbers that JSON cannot hold.
 */
export function storedPayload(payload: Json): Json {
  return storedValue(typeof payload === 'string' ? parsedText(payload) : payload, 0);
}

/** The changes of a merge as they are stored. */
export function storedChanges(changes: JsonObject): JsonObject {
  return storedObject(changes, 0);
}

/** True when some text in a value is not well-formed Unicode. */
function hasLoneSurrogate(value: Json): boolean {
  if (typeof value === 'string') return loneSurrogate.test(value);
  if (isArray(value)) return value.some(hasLoneSurrogate);
  if (!isObject(value)) return false;
  return Object.keys(value).some((name) => loneSurrogate.test(name) || hasLoneSurrogate(value[name] ?? null));
}

export interface Body {
  readonly text: string;
  /** Length in UTF-8. */
  readonly bytes: number;
}

/** The body of a payload. TYPE_ERROR for lone surrogates, PAYLOAD_TOO_LARGE above the limit. */
export function bodyOf(payload: Json): Body {
  const text = JSON.stringify(payload);
  // Well-formed text is never escaped this way, so that only suspects are walked.
  if (text.includes('\\ud') && hasLoneSurrogate(payload)) {
    fail('TYPE_ERROR', 'The payload holds half of a surrogate pair.', { hint: 'write whole characters' });
  }
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > payloadLimit) {
    fail('PAYLOAD_TOO_LARGE', `The payload has ${bytes} bytes; the limit is ${payloadLimit}.`);
  }
  return { text, bytes };
}

/** The JSON in some bytes. */
export function parseBody(bytes: Buffer, start: number, end: number, ascii: boolean): Json {
  const value: Json = JSON.parse(textOf(bytes, start, end, ascii));
  return value;
}
