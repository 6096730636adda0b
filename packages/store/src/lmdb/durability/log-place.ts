import { randomBytes } from 'node:crypto';
import { hashLength, recordHead } from './change-record.js';
import type { LogEnd } from './log-file.js';

/** How far the log has come with a state of the store: a row of that state, so that both go on from each other. */
export interface LogPlace extends LogEnd {
  /** Where the first record stands that recovery may need; where nothing is needed, the end. */
  readonly from: number;
  /** The transaction of the checkpoint that `from` follows. */
  readonly checkpoint: number;
  /** The state has changes that the log has not: only a checkpoint makes it, and what follows, durable. */
  readonly isGap: boolean;
}

export const placeKey = 'log';

const beginning = { at: 0, from: 0, checkpoint: 0, isGap: true };

/** The place of a state that has no row for it: nothing was ever logged. */
export const firstPlace: LogPlace = { ...beginning, hash: Buffer.alloc(hashLength) };

/** A place that no record in the log follows. */
export const newPlace = (): LogPlace => ({ ...beginning, hash: randomBytes(hashLength) });

export function encodePlace({ at, from, checkpoint, isGap, hash }: LogPlace): Buffer {
  const bytes = Buffer.allocUnsafe(51);
  bytes.writeUIntBE(at, 0, 6);
  bytes.writeUIntBE(from, 6, 6);
  bytes.writeUIntBE(checkpoint, 12, 6);
  bytes[18] = isGap ? 1 : 0;
  hash.copy(bytes, 19);
  return bytes;
}

export function decodePlace(bytes: Buffer): LogPlace {
  return {
    at: bytes.readUIntBE(0, 6),
    from: bytes.readUIntBE(6, 6),
    checkpoint: bytes.readUIntBE(12, 6),
    isGap: bytes[18] === 1,
    hash: Buffer.from(bytes.subarray(19, 51)),
  };
}

/**
 * Where a record goes that overwrites nothing needed: behind the last one, or at the beginning of the file. undefined:
 * there is no such place before the next checkpoint.
 */
export function roomFor({ at, from }: LogPlace, length: number, size: number): number | undefined {
  // What is needed lies between `from` and `at`, or round the end of the file.
  const isRound = at < from;
  if (isRound) return at + length < from ? at : undefined;
  if (at + length <= size) return at;
  return length < from ? 0 : undefined;
}

/** The same where nothing is needed. */
export function roomInEmpty(at: number, length: number, size: number): number | undefined {
  if (at + length <= size) return at;
  return length + recordHead <= size ? 0 : undefined;
}
