import type { Database } from 'lmdb';

/** One database: binary strings (see binary-keys) to bytes. */
export type Table = Database<Buffer, string>;

/**
 * Bytes of lmdb as a Buffer of their own length: small values come in a shared buffer whose `length` is only made
 * to look right, large ones as plain views of the map.
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  return wholeBuffer(bytes).subarray(0, bytes.length);
}

/** The same, without the view of its own: only for reading at offsets below `length`. */
export function wholeBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
