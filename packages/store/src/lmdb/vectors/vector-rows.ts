import type { StoredVector } from '../../vectors.js';
import { fromUtf8, readU48, u32, u48, utf8 } from '../rows/binary-keys.js';

/**
 * The table `vectors`: one row a route (its id) with what is known of its vectors, and one a live vector (route id, tx) with
 * when it expires, whose it is, and its floats.
 */
export interface VectorFacts {
  /** 0: the route never had a vector. */
  readonly dimension: number;
  readonly count: number;
}

export const noVectors: VectorFacts = { dimension: 0, count: 0 };

/** The row that tells of a route. */
export const factsRow = (routeId: number): string => u32(routeId);
/** The row of a live vector. */
export const vectorRow = (routeId: number, tx: number): string => u32(routeId) + u48(tx);
/** All live vectors of a route after a tx: [start, end). */
export const vectorRange = (routeId: number, after: number): { start: string; end: string } => ({
  start: vectorRow(routeId, after + 1),
  end: u32(routeId) + '\xff\xff\xff\xff\xff\xff\xff',
});

export function readFactsRow(bytes: Buffer | undefined): VectorFacts {
  return bytes ? { dimension: bytes.readUInt32BE(0), count: bytes.readUIntBE(4, 6) } : noVectors;
}

export function writeFactsRow({ dimension, count }: VectorFacts): Buffer {
  const bytes = Buffer.allocUnsafe(10);
  bytes.writeUInt32BE(dimension, 0);
  bytes.writeUIntBE(count, 4, 6);
  return bytes;
}

// expiresAt, length of the key plus one (0: an event), floats, key
const at = { expiresAt: 0, key: 6, floats: 8 } as const;

/** A vector as it lies in the table: little-endian floats, as every machine that Node runs on has them. */
export function writeVectorRow(vector: Float32Array, key: string | null, expiresAt: number): Buffer {
  const name = key === null ? '' : utf8(key);
  const end = at.floats + vector.byteLength;
  const bytes = Buffer.allocUnsafe(end + name.length);
  bytes.writeUIntBE(expiresAt, at.expiresAt, 6);
  bytes.writeUInt16BE(key === null ? 0 : name.length + 1, at.key);
  bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at.floats);
  bytes.write(name, end, 'latin1');
  return bytes;
}

/** Reads rows of vectors of one dimension into the same floats, one after the other. */
export function createVectorReader(dimension: number): (tx: number, bytes: Buffer) => StoredVector {
  const vector = new Float32Array(dimension);
  // Floats in the map are not aligned.
  const floats = new Uint8Array(vector.buffer);
  const end = at.floats + floats.length;
  return (tx, bytes) => {
    floats.set(bytes.subarray(at.floats, end));
    const length = bytes.readUInt16BE(at.key);
    const key = length === 0 ? null : fromUtf8(bytes.toString('latin1', end, end + length - 1));
    return { tx, key, vector, expiresAt: bytes.readUIntBE(at.expiresAt, 6) };
  };
}

/** The tx in the row of a vector. */
export const txOfVectorRow = (row: string): number => readU48(row, 4);
