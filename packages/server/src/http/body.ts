import { fail, type Json, type JsonObject } from '@drops/diagnostics';

const megabyte = 1024 * 1024;
/** Limits of the contract. */
export const limits = { body: 32 * megabyte, statement: 12 * megabyte } as const;

function tooLarge(what: string, limit: number): never {
  fail('PAYLOAD_TOO_LARGE', `${what} is larger than ${limit / megabyte} MB`);
}

/** Reads chunks until the limit is passed, and holds no more than that. */
async function readChunks(
  body: ReadableStream<Uint8Array>,
  what: string,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    // The reader is not cancelled: that would cut the connection before the client has its 413.
    if (length > limit) tooLarge(what, limit);
    chunks.push(part.value);
  }
  return Buffer.concat(chunks, length);
}

/** The bytes of a body, refused with 413 as soon as its declared or its real length passes the limit. */
export async function readBytes(
  request: Request,
  what = 'the body',
  limit: number = limits.body,
): Promise<Uint8Array> {
  const declared = request.headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > limit) tooLarge(what, limit);
    // What is declared is enforced by the HTTP parser, so the quick way is bounded too.
    return new Uint8Array(await request.arrayBuffer());
  }
  return request.body === null ? new Uint8Array() : readChunks(request.body, what, limit);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    fail('INVALID_BODY', 'bytes found that are not UTF-8', { hint: 'send the body encoded as UTF-8' });
  }
}

/** Refuses statement text past its limit, counted in UTF-8 bytes after decoding. */
export function checkStatementSize(text: string): void {
  if (text.length > limits.statement || Buffer.byteLength(text) > limits.statement) {
    tooLarge('the statement text', limits.statement);
  }
}

/** A body that is statement text. */
export async function readStatement(request: Request): Promise<string> {
  return decode(await readBytes(request, 'the statement text', limits.statement));
}

/** True for JSON objects: not null, not an array. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A payload may be 100 deep, and stands some levels deep in its body. What recurses later is safe below this. */
const depthLimit = 110;

function deeperThan(value: Json, limit: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item === 'object' && item !== null) {
        for (const child of Object.values(item))
          if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}

/** A body that is a JSON object; anything else is 400 INVALID_BODY. */
export async function readJson(request: Request): Promise<JsonObject> {
  const text = decode(await readBytes(request));
  if (text.trim() === '') fail('INVALID_BODY', 'an empty body found, a JSON object expected');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : '';
    fail('INVALID_BODY', `the body is not JSON${shorten(reason)}`);
  }
  if (deeperThan(value, depthLimit)) fail('INVALID_BODY', `the body is nested more than ${depthLimit} deep`);
  if (isObject(value)) return value;
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  fail('INVALID_BODY', `${found} found, a JSON object expected`);
}

function shorten(reason: string): string {
  return reason.length > 160 ? `${reason.slice(0, 160)}…` : reason;
}
