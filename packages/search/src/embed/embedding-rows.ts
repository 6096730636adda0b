import { createHash } from 'node:crypto';
import { isObject, type Json } from '@drops/ir';

/*
 * Rows of embeddings, in what the store keeps for layers above it. Names are hashed, so that any route and key fits.
 *   embedder ‖ 'h' → how far they are, and of which making
 * and below embedder ‖ 'm' ‖ making:
 *   'c' ‖ hash of a text → how many versions have it ‖ its vector: a text is embedded once, however often it is written
 *   'o' ‖ route ‖ key, or tx of an event → tx of its version ‖ hash of the text
 *   'n' ‖ route → how many vectors it has
 *   'v' ‖ route ‖ tx → when it ends ‖ hash of the text ‖ key
 */
const hashLength = 20;

/** The name of a text of any length; of what is embedded too. */
export const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest().toString('latin1', 0, hashLength);

/** What stands behind every name of these rows. */
export const lastName = '\xff'.repeat(hashLength + 1);

/** Other rows than before, other names. */
const format = 2;
const embedderPrefix = (embedder: string): string => hashOf(`${format}\0${embedder}`);

export const headKey = (embedder: string): string => `${embedderPrefix(embedder)}h`;
export const makingPrefix = (embedder: string, making: string): string =>
  `${embedderPrefix(embedder)}m${making}`;

/** How far the embeddings are. */
export interface EmbeddingHead {
  /** The records up to this tx are embedded. */
  readonly tx: number;
  /** Of the vectors; 0: there was none. */
  readonly dimension: number;
  /** Another one: all was made anew. */
  readonly making: string;
}

export const packHead = (head: EmbeddingHead): Uint8Array => Buffer.from(JSON.stringify(head), 'utf8');

export function unpackHead(value: Uint8Array | undefined): EmbeddingHead | undefined {
  const head: Json = value ? JSON.parse(Buffer.from(value).toString('utf8')) : null;
  if (!isObject(head)) return undefined;
  const { tx, dimension, making } = head;
  return typeof tx === 'number' && typeof dimension === 'number' && typeof making === 'string'
    ? { tx, dimension, making }
    : undefined;
}

const txLength = 12;
const txName = (tx: number): string => tx.toString(16).padStart(txLength, '0');

/** Keys of the rows of a making. */
export const embeddingKeys = (prefix: string) =>
  ({
    text: (hash: string) => `${prefix}c${hash}`,
    count: (route: string) => `${prefix}n${hashOf(route)}`,
    owner: (route: string, key: string | null, tx: number) =>
      `${prefix}o${hashOf(route)}${key === null ? `e${txName(tx)}` : `k${hashOf(key)}`}`,
    /** What the keys of all vectors of a route begin with. */
    vectors: (route: string) => `${prefix}v${hashOf(route)}`,
    vector: (vectors: string, tx: number) => `${vectors}${txName(tx)}`,
    txOf: (key: string) => parseInt(key.slice(-txLength), 16),
  }) as const;
export type EmbeddingKeys = ReturnType<typeof embeddingKeys>;

const bufferOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/** The text that an owner has. */
export interface OwnedText {
  readonly tx: number;
  readonly hash: string;
}

export const packOwned = ({ tx, hash }: OwnedText): Uint8Array => {
  const bytes = Buffer.allocUnsafe(6 + hashLength);
  bytes.writeUIntBE(tx, 0, 6);
  bytes.write(hash, 6, 'latin1');
  return bytes;
};
export function unpackOwned(value: Uint8Array): OwnedText {
  const bytes = bufferOf(value);
  return { tx: bytes.readUIntBE(0, 6), hash: bytes.toString('latin1', 6) };
}

/** A version with a text that is embedded. */
export interface EmbeddedVersion {
  readonly hash: string;
  readonly key: string | null;
  /** In ms since the epoch; 0: never. */
  readonly expiresAt: number;
}

const versionHead = 6 + hashLength;

export function packVersion({ hash, key, expiresAt }: EmbeddedVersion): Uint8Array {
  const head = Buffer.allocUnsafe(versionHead);
  head.writeUIntBE(expiresAt, 0, 6);
  head.write(hash, 6, 'latin1');
  return key === null ? head : Buffer.concat([head, Buffer.from(`k${key}`, 'utf8')]);
}
export function unpackVersion(value: Uint8Array): EmbeddedVersion {
  const bytes = bufferOf(value);
  return {
    expiresAt: bytes.readUIntBE(0, 6),
    hash: bytes.toString('latin1', 6, versionHead),
    key: bytes.length === versionHead ? null : bytes.toString('utf8', versionHead + 1),
  };
}

export function packCount(count: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(count);
  return bytes;
}
/** What a row begins with: how many there are. */
export const unpackCount = (value: Uint8Array | undefined): number =>
  value ? bufferOf(value).readUInt32BE(0) : 0;

const bytesOfCount = 4;

/** A text's vector behind the number of versions that have it. */
export const packText = (count: number, vector: Float32Array): Uint8Array =>
  Buffer.concat([packCount(count), new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)]);

/** Copied, so that the floats are aligned. */
export function unpackVector(value: Uint8Array): Float32Array {
  const floats = new Uint8Array(value.byteLength - bytesOfCount);
  floats.set(value.subarray(bytesOfCount));
  return new Float32Array(floats.buffer);
}
