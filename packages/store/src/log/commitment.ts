import * as crypto from 'node:crypto';

const digest: (bytes: Uint8Array) => Buffer =
  // Node 20.12 and later: several times faster than createHash on short input, twice as fast again as text.
  typeof crypto.hash === 'function'
    ? (bytes) => Buffer.from(crypto.hash('sha256', bytes, 'binary'), 'latin1')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest();

/** SHA-256 of some bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return digest(bytes);
}

export const saltLength = 16;

const pool = Buffer.allocUnsafe(saltLength * 1024);
let used = pool.length;

/** Writes a fresh random salt; the randomness is fetched a thousand salts at a time. */
export function writeSalt(target: Buffer, at: number): void {
  if (used === pool.length) {
    crypto.randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, at, used, used + saltLength);
  used += saltLength;
}

const variants = '89ab';

/**
 * The drop_id of a version: the first half of its commitment in the form of a UUID. Salted, it is as random as a
 * version 4 one; it costs no bytes, and rebuild, restore, copy and even the erasure of the payload keep it.
 */
export function dropIdOf(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + 16);
  const variant = variants.charAt(((bytes[at + 8] ?? 0) >> 4) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
