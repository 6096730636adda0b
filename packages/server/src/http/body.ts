import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { fail, type Json, type JsonObject } from '@drops/diagnostics';

const megabyte = 1024 * 1024;
/** Limits of the contract. */
export const limits = { body: 32 * megabyte, statement: 12 * megabyte } as const;

/** What a body is called in errors, and its most bytes. */
export interface BodyKind {
  readonly what: string;
  readonly limit: number;
}
export const jsonBody: BodyKind = { what: 'the body', limit: limits.body };
export const statementBody: BodyKind = { what: 'the statement text', limit: limits.statement };

function tooLarge({ what, limit }: BodyKind): never {
  fail('PAYLOAD_TOO_LARGE', `${what} is larger than ${limit / megabyte} MB`);
}

/** Reads chunks until the limit is passed, and holds no more than that. */
async function readChunks(body: ReadableStream<Uint8Array>, kind: BodyKind): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    // The reader is not cancelled: that would cut the connection before the client has its 413.
    if (length > kind.limit) tooLarge(kind);
    chunks.push(part.value);
  }
  return Buffer.concat(chunks, length);
}

/** The bytes of a body, refused with 413 as soon as its declared or its real length passes the limit. */
export async function readBytes(request: Request, kind: BodyKind): Promise<Uint8Array> {
  const declared = request.headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > kind.limit) tooLarge(kind);
    // What is declared is enforced by the HTTP parser, so the quick way is bounded too.
    return new Uint8Array(await request.arrayBuffer());
  }
  return request.body === null ? new Uint8Array() : readChunks(request.body, kind);
}

/**
 * The bytes of a body as Node has them, without a stream of fetch: `done` is told them, or `failed` why they are refused.
 * Neither when the client goes before it has sent all.
 */
export function readIncoming(
  request: IncomingMessage,
  kind: BodyKind,
  done: (bytes: Uint8Array) => void,
  failed: (error: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  let length = Number(request.headers['content-length'] ?? 0);
  const isDeclared = length > 0;
  let refused = false;
  const refuseTooLarge = (): void => {
    refused = true;
    try {
      tooLarge(kind);
    } catch (error) {
      failed(error);
    }
  };
  const take = (chunk: Buffer): void => {
    if (!isDeclared) length += chunk.length;
    if (refused) return;
    if (length > kind.limit) refuseTooLarge();
    else chunks.push(chunk);
  };
  const end = (): void => {
    const [only] = chunks;
    if (!refused) done(only && chunks.length === 1 ? only : Buffer.concat(chunks));
  };
  if (length > kind.limit) return refuseTooLarge();
  // Most bodies come with their header, and are there when it has been dealt with: those need no listeners.
  process.nextTick(() => {
    const first: Buffer | null = request.read();
    if (first) take(first);
    if (request.complete && request.readableLength === 0) return end();
    request.on('data', take);
    request.on('end', end);
  });
}

/** A body that is text. INVALID_BODY when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    fail('INVALID_BODY', 'bytes found that are not UTF-8', { hint: 'send the body encoded as UTF-8' });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  // A byte order mark is no part of the text.
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Refuses statement text past its limit, counted in UTF-8 bytes after decoding. */
export function checkStatementSize(text: string): void {
  if (text.length > limits.statement || Buffer.byteLength(text) > limits.statement) {
    tooLarge(statementBody);
  }
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
export function jsonOf(bytes: Uint8Array): JsonObject {
  const text = textOf(bytes);
  if (text.trim() === '') fail('INVALID_BODY', 'an empty body found, a JSON object expected');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : '';
    fail('INVALID_BODY', `the body is not JSON${shorten(reason)}`);
  }
  // Every level takes two characters.
  if (text.length > 2 * depthLimit && deeperThan(value, depthLimit))
    fail('INVALID_BODY', `the body is nested more than ${depthLimit} deep`);
  if (isObject(value)) return value;
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  fail('INVALID_BODY', `${found} found, a JSON object expected`);
}

function shorten(reason: string): string {
  return reason.length > 160 ? `${reason.slice(0, 160)}…` : reason;
}

/** The body of a request that is a JSON object. */
export async function readJson(request: Request): Promise<JsonObject> {
  return jsonOf(await readBytes(request, jsonBody));
}
