import type { Json } from '@drops/ir';
import { dropIdOf } from '../../log/commitment.js';
import type { LogHeader } from '../../log/log-record.js';
import { textOf } from '../../log/bytes.js';
import { isoTime } from '../../log/stored-drop.js';
import type { RowFacts } from '../../writing/entity-state.js';
import type { RowParser } from './row-parser.js';

/** A row of `current` without the parts that its key tells. */
export interface CurrentRow {
  readonly tx: number;
  readonly version: number;
  readonly time: number;
  readonly dropId: string;
  readonly writer: string | null;
  /** 0: never. */
  readonly expiresAt: number;
  readonly price: number | undefined;
  /** The entity may have rows in `counters`. */
  readonly counters: boolean;
  /** undefined: too large to be copied here; it is in `payloads`. */
  readonly payload: Json | undefined;
}

/** Bodies above this many bytes stay in `payloads` alone. */
export const inlineLimit = 2048;

const flag = { writer: 1, price: 2, expires: 4, counters: 8, elsewhere: 16, ascii: 32 } as const;

// flags tx version time dropId [writer] [expiresAt] [price] [body]
const at = { flags: 0, tx: 1, version: 7, time: 11, dropId: 17, rest: 33 } as const;

/** The longest row. */
export const rowLimit = at.rest + 20 + inlineLimit;

export interface RowBody {
  /** Buffer that holds the body, and where in it. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** All one-byte characters: decoded faster. */
  readonly ascii: boolean;
}

/** Writes a row; gives its length. */
export function writeRow(
  target: Buffer,
  tx: number,
  header: LogHeader,
  commitment: Buffer,
  counters: boolean,
  body: RowBody,
): number {
  const inline = body.end - body.start <= inlineLimit;
  target.writeUIntBE(tx, at.tx, 6);
  target.writeUInt32BE(header.version, at.version);
  target.writeUIntBE(header.time, at.time, 6);
  commitment.copy(target, at.dropId, 0, 16);
  let flags = (counters ? flag.counters : 0) | (inline ? 0 : flag.elsewhere) | (body.ascii ? flag.ascii : 0);
  let end: number = at.rest;
  if (header.writer !== null) {
    flags |= flag.writer;
    end += target.write(header.writer, end, 'hex');
  }
  if (header.expiresAt !== 0) {
    flags |= flag.expires;
    end = target.writeUIntBE(header.expiresAt, end, 6);
  }
  if (header.price !== undefined) {
    flags |= flag.price;
    end = target.writeDoubleBE(header.price, end);
  }
  target[at.flags] = flags;
  return inline ? end + body.bytes.copy(target, end, body.start, body.end) : end;
}

// Buffer's own checks bounds and loops: these are read for every row.
const bytesU32 = (bytes: Buffer, start: number): number =>
  (((bytes[start] ?? 0) << 24) |
    ((bytes[start + 1] ?? 0) << 16) |
    ((bytes[start + 2] ?? 0) << 8) |
    (bytes[start + 3] ?? 0)) >>>
  0;
const bytesU48 = (bytes: Buffer, start: number): number =>
  (((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)) * 0x100000000 + bytesU32(bytes, start + 2);

/** Reads a row; `parse` reads its JSON. */
export function readRow(bytes: Buffer, parse: RowParser = JSON.parse): CurrentRow {
  const flags = bytes[at.flags] ?? 0;
  let end: number = at.rest;
  let writer: string | null = null;
  let expiresAt = 0;
  let price: number | undefined;
  if (flags & flag.writer) {
    writer = bytes.toString('hex', end, end + 6);
    end += 6;
  }
  if (flags & flag.expires) {
    expiresAt = bytes.readUIntBE(end, 6);
    end += 6;
  }
  if (flags & flag.price) {
    price = bytes.readDoubleBE(end);
    end += 8;
  }
  return {
    tx: bytesU48(bytes, at.tx),
    version: bytesU32(bytes, at.version),
    time: bytesU48(bytes, at.time),
    dropId: dropIdOf(bytes, at.dropId),
    writer,
    expiresAt,
    price,
    counters: (flags & flag.counters) !== 0,
    payload:
      flags & flag.elsewhere
        ? undefined
        : parse(textOf(bytes, end, bytes.length, (flags & flag.ascii) !== 0)),
  };
}

/**
 * The drop of a row as JSON text, with its JSON as it is; undefined for a row whose payload is elsewhere or has counters, and
 * null when it has expired by `now`.
 */
export function readRowText(
  bytes: Buffer,
  route: string,
  key: string | null,
  now: number,
): string | null | undefined {
  const flags = bytes[at.flags] ?? 0;
  if (flags & (flag.elsewhere | flag.counters)) return undefined;
  const expiresAt = readExpiresAt(bytes);
  if (expiresAt !== 0 && expiresAt <= now) return null;
  const source = flags & flag.writer ? `"${bytes.toString('hex', at.rest, at.rest + 6)}"` : 'null';
  const start = bodyStart(bytes) ?? at.rest;
  const price = flags & flag.price ? `,"price":${JSON.stringify(bytes.readDoubleBE(start - 8))}` : '';
  const expires = expiresAt === 0 ? '' : `,"expires_at":"${isoTime(expiresAt)}"`;
  return (
    `{"drop_id":"${dropIdOf(bytes, at.dropId)}","route":${JSON.stringify(route)},"key":${JSON.stringify(key)},"source":${source},` +
    `"payload":${textOf(bytes, start, bytes.length, (flags & flag.ascii) !== 0)},` +
    `"created_at":"${isoTime(bytesU48(bytes, at.time))}","version":${bytesU32(bytes, at.version)},"tx":${bytesU48(bytes, at.tx)}${price}${expires}}`
  );
}

/** Reads a row without its payload. */
export function readFacts(bytes: Buffer): RowFacts {
  const flags = bytes[at.flags] ?? 0;
  const expires = at.rest + (flags & flag.writer ? 6 : 0);
  const price = expires + (flags & flag.expires ? 6 : 0);
  return {
    tx: bytesU48(bytes, at.tx),
    version: bytesU32(bytes, at.version),
    expiresAt: flags & flag.expires ? bytes.readUIntBE(expires, 6) : 0,
    price: flags & flag.price ? bytes.readDoubleBE(price) : undefined,
    counters: (flags & flag.counters) !== 0,
  };
}

/** The time of a row, without reading the rest. */
export const readTimeOfRow = (bytes: Buffer): number => bytesU48(bytes, at.time);

/** The tx of a row, without reading the rest. */
export const readTxOfRow = (bytes: Buffer): number => bytes.readUIntBE(at.tx, 6);

/** Whether a row is marked as having counters. */
export const hasCounters = (bytes: Buffer): boolean => ((bytes[at.flags] ?? 0) & flag.counters) !== 0;

/** When a row expires; 0: never. */
export function readExpiresAt(bytes: Buffer): number {
  const flags = bytes[at.flags] ?? 0;
  if (!(flags & flag.expires)) return 0;
  return bytes.readUIntBE(at.rest + (flags & flag.writer ? 6 : 0), 6);
}

/** Where the JSON of a row begins; undefined: it is in `payloads`. */
export function bodyStart(bytes: Buffer): number | undefined {
  const flags = bytes[at.flags] ?? 0;
  if (flags & flag.elsewhere) return undefined;
  const { writer, expires, price } = flag;
  return at.rest + (flags & writer ? 6 : 0) + (flags & expires ? 6 : 0) + (flags & price ? 8 : 0);
}

/** Marks a copy of a row as having counters. */
export function withCounterFlag(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[at.flags] = (copy[at.flags] ?? 0) | flag.counters;
  return copy;
}
