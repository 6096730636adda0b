import { createHash } from 'node:crypto';

/*
 * Rows of embeddings, in what the store keeps for layers above it. Names are hashed, so that any route and key fits:
 * model ‖ 'h' → the tx up to which texts are embedded; model ‖ 'v' ‖ route ‖ key, or tx of an event → tx ‖ key ‖ floats.
 */
const hashLength = 20;
const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest().toString('latin1', 0, hashLength);

export const headKey = (model: string): string => `${hashOf(model)}h`;

/** All rows of a route: [start, end). */
export function routeRange(model: string, route: string): { readonly start: string; readonly end: string } {
  const start = `${hashOf(model)}v${hashOf(route)}`;
  return { start, end: `${start}\xff\xff` };
}

/** The row of an entity, or of the event that a tx wrote. */
export const embeddingKey = (model: string, route: string, key: string | null, tx: number): string =>
  routeRange(model, route).start + (key === null ? `e${hashOf(String(tx))}` : `k${hashOf(key)}`);

export interface Embedding {
  readonly tx: number;
  readonly key: string | null;
  /** Of length 1. */
  readonly vector: Float32Array;
}

// tx, length of the key plus one (0: an event), key, floats
const at = { tx: 0, length: 6, key: 8 } as const;

export function packEmbedding({ tx, key, vector }: Embedding): Uint8Array {
  const name = Buffer.from(key ?? '', 'utf8');
  const head = Buffer.allocUnsafe(at.key);
  head.writeUIntBE(tx, at.tx, 6);
  head.writeUInt16BE(key === null ? 0 : name.length + 1, at.length);
  return Buffer.concat([head, name, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)]);
}

export function unpackEmbedding(value: Uint8Array): Embedding {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const length = bytes.readUInt16BE(at.length);
  const end = at.key + Math.max(0, length - 1);
  // Copied, so that the floats are aligned.
  const floats = Uint8Array.from(bytes.subarray(end));
  return {
    tx: bytes.readUIntBE(at.tx, 6),
    key: length === 0 ? null : bytes.toString('utf8', at.key, end),
    vector: new Float32Array(floats.buffer),
  };
}

export function packHead(tx: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(tx, 0, 6);
  return bytes;
}
export const unpackHead = (value: Uint8Array | undefined): number =>
  value ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).readUIntBE(0, 6) : 0;
