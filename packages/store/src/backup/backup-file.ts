import { fail } from '@drops/diagnostics';
import { isArray, isObject, type Json } from '@drops/ir';
import { truthFormat } from '../log/truth-format.js';
import { partNames, type PartName } from '../truth.js';

/*
 * A backup is one file: a manifest of fixed length, a JSON object padded with blanks, then the parts one after the
 * other. A part is the rows of one table of the truth: u16 length of key, u32 length of value, key, value.
 */

export const manifestLength = 4096;
export const rowHeader = 6;

export interface PartEntry {
  readonly name: PartName;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}
export interface Manifest {
  readonly kind: 'drops-backup';
  readonly format: number;
  readonly head: { readonly tx: number; readonly time: number; readonly epoch: number };
  readonly link: string;
  readonly drops: number;
  readonly parts: readonly PartEntry[];
}

/** The manifest as it stands at the beginning of the file. */
export function encodeManifest(manifest: Manifest): Buffer {
  const bytes = Buffer.alloc(manifestLength, ' ');
  bytes.write(JSON.stringify(manifest), 'utf8');
  bytes.write('\n', manifestLength - 1);
  return bytes;
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function readPart(value: Json, name: PartName): PartEntry | undefined {
  if (!isObject(value) || value['name'] !== name) return undefined;
  const { rows, bytes, sha256 } = value;
  return isCount(rows) && isCount(bytes) && typeof sha256 === 'string'
    ? { name, rows, bytes, sha256 }
    : undefined;
}

function parse(bytes: Buffer): Json {
  try {
    const value: Json = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    return null;
  }
}

function readParts(value: Json | undefined): readonly PartEntry[] {
  if (!isArray(value)) return [];
  return partNames.flatMap((name, i) => readPart(value[i] ?? null, name) ?? []);
}

/** Reads the manifest of a file. INVALID_BODY when it is no backup, NOT_AVAILABLE when it is of a newer format. */
export function decodeManifest(bytes: Buffer, file: string): Manifest {
  const foreign = (): never => fail('INVALID_BODY', `${file} is no backup of a store.`);
  const value = bytes.length === manifestLength ? parse(bytes) : null;
  if (!isObject(value) || value['kind'] !== 'drops-backup' || !isObject(value['head'])) return foreign();
  const { format, link, drops } = value;
  const { tx, time, epoch } = value['head'];
  const parts = readParts(value['parts']);
  if (format !== truthFormat) {
    return fail(
      'NOT_AVAILABLE',
      `${file} has format ${JSON.stringify(format)}; this version reads ${truthFormat}.`,
    );
  }
  if (!isCount(tx) || !isCount(time) || !isCount(epoch) || !isCount(drops)) return foreign();
  if (typeof link !== 'string' || !/^[0-9a-f]{64}$/.test(link) || parts.length !== partNames.length)
    return foreign();
  return { kind: 'drops-backup', format, head: { tx, time, epoch }, link, drops, parts };
}
