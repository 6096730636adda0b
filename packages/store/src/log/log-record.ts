import { invariant } from '@drops/diagnostics';

export type RecordKind = 'put' | 'delete' | 'hide' | 'counter' | 'expire';

/** The header of one record of the log. */
export interface LogHeader {
  readonly kind: RecordKind;
  /** The last tx of its unit. */
  readonly lastTx: number;
  readonly routeId: number;
  /** null for events. */
  readonly key: string | null;
  readonly version: number;
  readonly time: number;
  /** 0: never. */
  readonly expiresAt: number;
  /** Public id of the writer. */
  readonly writer: string | null;
  readonly price: number | undefined;
  /** The event that a hide or expire is about, else 0. */
  readonly target: number;
}

// 6 is kept for erasure. The numbers are on disk: they never change.
export const kindCodes = { put: 1, delete: 2, hide: 3, counter: 4, expire: 5 } as const satisfies Record<
  RecordKind,
  number
>;
const kinds: readonly (RecordKind | undefined)[] = [undefined, 'put', 'delete', 'hide', 'counter', 'expire'];

/** The kind of a code; undefined for codes that mean nothing. */
export const kindOfCode = (code: number): RecordKind | undefined => kinds[code];

const flag = { keyed: 1, writer: 2, price: 4, bodyless: 8 } as const;

// kind flags lastTx version time expiresAt writer price target commitment | route id | key
const at = {
  kind: 0,
  flags: 1,
  lastTx: 2,
  version: 8,
  time: 12,
  expiresAt: 18,
  writer: 24,
  price: 30,
  target: 38,
  commitment: 44,
  routeId: 76,
  key: 80,
} as const;

/** Where the commitment stands in a header, and where the part that the chain covers as it is ends. */
export const commitmentAt = at.commitment;
export const canonicalEnd = at.routeId;
export const keyAt = at.key;

/** Writes a header whose commitment is filled in later; gives its length. */
export function writeHeader(target: Buffer, header: LogHeader, bodyless: boolean): number {
  const { key, writer, price } = header;
  target[at.kind] = kindCodes[header.kind];
  target[at.flags] =
    (key === null ? 0 : flag.keyed) |
    (writer === null ? 0 : flag.writer) |
    (price === undefined ? 0 : flag.price) |
    (bodyless ? flag.bodyless : 0);
  target.writeUIntBE(header.lastTx, at.lastTx, 6);
  target.writeUInt32BE(header.version, at.version);
  target.writeUIntBE(header.time, at.time, 6);
  target.writeUIntBE(header.expiresAt, at.expiresAt, 6);
  if (writer === null) target.fill(0, at.writer, at.price);
  else target.write(writer, at.writer, 'hex');
  target.writeDoubleBE(price ?? 0, at.price);
  target.writeUIntBE(header.target, at.target, 6);
  target.fill(0, at.commitment, at.routeId);
  target.writeUInt32BE(header.routeId, at.routeId);
  return key === null ? at.key : at.key + target.write(key, at.key, 'utf8');
}

/** The longest header: a key has at most 256 UTF-16 units. */
export const headerLimit = at.key + 4 * 256;

/** Reads a header. */
export function readHeader(bytes: Buffer): LogHeader {
  const flags = bytes[at.flags] ?? 0;
  const kind = kindOfCode(bytes[at.kind] ?? 0);
  invariant(kind !== undefined, 'a record of the log has an unknown kind');
  return {
    kind,
    lastTx: bytes.readUIntBE(at.lastTx, 6),
    routeId: bytes.readUInt32BE(at.routeId),
    key: flags & flag.keyed ? bytes.toString('utf8', at.key, bytes.length) : null,
    version: bytes.readUInt32BE(at.version),
    time: bytes.readUIntBE(at.time, 6),
    expiresAt: bytes.readUIntBE(at.expiresAt, 6),
    writer: flags & flag.writer ? bytes.toString('hex', at.writer, at.price) : null,
    price: flags & flag.price ? bytes.readDoubleBE(at.price) : undefined,
    target: bytes.readUIntBE(at.target, 6),
  };
}

/** True when a record has no payload row: its commitment is zero. */
export const isBodyless = (bytes: Buffer): boolean => ((bytes[at.flags] ?? 0) & flag.bodyless) !== 0;
/** The time of a record, without reading the rest. */
export const timeOf = (bytes: Buffer): number => bytes.readUIntBE(at.time, 6);
/** The last tx of a record's unit, without reading the rest. */
export const lastTxOf = (bytes: Buffer): number => bytes.readUIntBE(at.lastTx, 6);
/** The id of a record's route, without reading the rest. */
export const routeIdOf = (bytes: Buffer): number => bytes.readUInt32BE(at.routeId);

/** Route and key of a record, also where the rest makes no sense. */
export function readPlace(bytes: Buffer): { readonly routeId: number; readonly key: string | null } {
  const keyed = ((bytes[at.flags] ?? 0) & flag.keyed) !== 0;
  return {
    routeId: bytes.readUInt32BE(at.routeId),
    key: keyed ? bytes.toString('utf8', at.key, bytes.length) : null,
  };
}

/** Records of a segment of the log. Derived rows are made of whole segments: another number needs another format of them. */
export const segmentLength = 8192;
