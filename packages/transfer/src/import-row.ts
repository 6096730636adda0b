import { checkKey } from '@drops/diagnostics';
import {
  getProperty,
  isObject,
  setProperty,
  type Json,
  type JsonObject,
  type MutableObject,
} from '@drops/ir';

/** A row as read: a drop to write, or why it is none. `line` is where it begins. */
export type ImportRow =
  | {
      readonly kind: 'drop';
      readonly line: number;
      readonly key: string | null;
      readonly payload: Json;
      readonly price?: number;
      /** When it ends, in ms since the epoch. */
      readonly expiresAt?: number;
    }
  /** Its life had ended before it was read. */
  | { readonly kind: 'expired'; readonly line: number }
  | { readonly kind: 'rejected'; readonly line: number; readonly reason: string };

export interface ImportOptions {
  /** The field that holds the key; without it only exports of ours have keys. */
  readonly keyField?: string;
  /** Encodes keys that are none instead of rejecting their rows. */
  readonly encodeKeys?: boolean;
  /** In ms since the epoch: drops that ended by then are left out. */
  readonly now: number;
}

/** What a format found at a line: a value, or a complaint. */
export type Found =
  { readonly line: number; readonly value: Json } | { readonly line: number; readonly reason: string };

const dropNames: ReadonlySet<string> = new Set(
  'drop_id route key source payload created_at version tx price expires_at score _joined'.split(' '),
);

/** True for a drop as replies and our own exports show it. */
function isDrop(value: JsonObject): boolean {
  return (
    Object.hasOwn(value, 'payload') &&
    Object.hasOwn(value, 'key') &&
    Object.keys(value).every((name) => dropNames.has(name))
  );
}

/** True for a row of a table or document of ours: the key and the time stand beside the fields. */
function isTableRow(value: JsonObject): boolean {
  return Object.hasOwn(value, '_key') && Object.hasOwn(value, '_created_at');
}

interface Parts {
  readonly key: Json;
  readonly payload: Json;
  readonly price?: Json;
  readonly expires?: Json;
}

function without(value: JsonObject, names: readonly string[]): JsonObject {
  const rest: MutableObject = {};
  for (const [name, member] of Object.entries(value))
    if (!names.includes(name)) setProperty(rest, name, member);
  return rest;
}

/** A payload that is no object stands in documents as the field `payload`, alone. */
function tablePayload(fields: JsonObject): Json {
  const [only, ...others] = Object.entries(fields);
  return only && others.length === 0 && only[0] === 'payload' && !isObject(only[1]) ? only[1] : fields;
}

function partsOf(value: JsonObject): Parts {
  if (isDrop(value)) {
    const { key = null, payload = null, price, expires_at: expires } = value;
    return {
      key,
      payload,
      ...(price !== undefined && { price }),
      ...(expires !== undefined && { expires }),
    };
  }
  if (isTableRow(value)) {
    const fields = without(value, ['_key', '_created_at', '_route']);
    return { key: value['_key'] ?? null, payload: tablePayload(fields) };
  }
  return { key: null, payload: value };
}

function encodeChar(char: string): string {
  if (/[A-Za-z0-9.-]/.test(char)) return char;
  const percent = encodeURIComponent(/\p{Surrogate}/u.test(char) ? '\uFFFD' : char);
  if (percent.startsWith('%')) return percent.replaceAll('%', '_');
  return `_${percent.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Bytes that are no part of a key become `_` and two hex digits; so does `_`, to tell them apart. */
function encodeKey(key: string): string {
  return [...key].map(encodeChar).join('');
}

function keyOf(
  found: Json,
  named: string | undefined,
  options: ImportOptions,
): { key: string | null } | string {
  if (found === null || found === '')
    return named === undefined && found === null
      ? { key: null }
      : `${named ?? 'the key'} is empty, a key expected`;
  if (typeof found !== 'string' && typeof found !== 'number')
    return `${named ?? 'the key'} is no text, a key expected`;
  const text = String(found);
  const key = options.encodeKeys && checkKey(text) ? encodeKey(text) : text;
  const fault = checkKey(key);
  if (!fault) return { key };
  return `the key ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}: ${fault.message}`;
}

/** The value of the key field: of the row, or of the payload of an export of ours. */
function fieldValue(value: JsonObject, payload: Json, name: string): Json | undefined {
  return (isObject(payload) ? getProperty(payload, name) : undefined) ?? getProperty(value, name);
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/** A value of a file → the drop it stands for. The key field stays in the payload. */
export function importRow(found: Found, options: ImportOptions): ImportRow {
  const { line } = found;
  const reject = (reason: string): ImportRow => ({ kind: 'rejected', line, reason });
  if ('reason' in found) return reject(found.reason);
  const { value } = found;
  if (!isObject(value)) return reject(`${kindOf(value)} found, an object expected`);
  const { keyField } = options;
  const parts = partsOf(value);
  const key = keyField === undefined ? parts.key : fieldValue(value, parts.payload, keyField);
  if (key === undefined) return reject(`there is no field ${keyField}`);
  const read = keyOf(key, keyField, options);
  if (typeof read === 'string') return reject(read);
  if (parts.payload === null) return reject('the payload is null: there is nothing to write');
  const { price, expires } = parts;
  if (price !== undefined && typeof price !== 'number') return reject('the price is no number');
  const expiresAt =
    typeof expires === 'string' ? Date.parse(expires) : expires === undefined ? Infinity : NaN;
  if (Number.isNaN(expiresAt)) return reject('expires_at is no time');
  if (expiresAt <= options.now) return { kind: 'expired', line };
  return {
    kind: 'drop',
    line,
    key: read.key,
    payload: parts.payload,
    ...(price !== undefined && { price }),
    ...(expires !== undefined && { expiresAt }),
  };
}
