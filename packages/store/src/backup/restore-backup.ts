import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { fail } from '@drops/diagnostics';
import type { TruthRow, TruthTarget } from '../truth.js';
import { decodeManifest, manifestLength, rowHeader, type Manifest, type PartEntry } from './backup-file.js';

const chunkBytes = 4 << 20;

const damaged = (path: string, what: string): never =>
  fail('INVALID_BODY', `The backup ${path} is damaged: ${what}.`);

async function readManifest(file: FileHandle, path: string): Promise<Manifest> {
  const bytes = Buffer.alloc(manifestLength);
  const { bytesRead } = await file.read(bytes, 0, manifestLength, 0);
  const manifest = decodeManifest(bytes.subarray(0, bytesRead), path);
  const expected = manifest.parts.reduce((sum, part) => sum + part.bytes, manifestLength);
  const { size } = await file.stat();
  if (size !== expected) damaged(path, `it has ${size} bytes instead of ${expected}`);
  return manifest;
}

/** The bytes of a part, piece by piece. */
async function* piecesOf(file: FileHandle, start: number, length: number): AsyncIterable<Buffer> {
  for (let at = 0; at < length;) {
    const bytes = Buffer.allocUnsafe(Math.min(chunkBytes, length - at));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start + at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

/** Checks the parts before the first row is written. */
async function checkParts(file: FileHandle, path: string, parts: readonly PartEntry[]): Promise<void> {
  let start = manifestLength;
  for (const part of parts) {
    const hash = createHash('sha256');
    for await (const piece of piecesOf(file, start, part.bytes)) hash.update(piece);
    if (hash.digest('hex') !== part.sha256) damaged(path, `its part ${part.name} was changed`);
    start += part.bytes;
  }
}

/** The whole rows at the beginning of some bytes, and what is left of them. */
function decodeRows(bytes: Buffer): { readonly rows: readonly TruthRow[]; readonly rest: Buffer } {
  const rows: TruthRow[] = [];
  let at = 0;
  while (at + rowHeader <= bytes.length) {
    const keyEnd = at + rowHeader + bytes.readUInt16BE(at);
    const end = keyEnd + bytes.readUInt32BE(at + 2);
    if (end > bytes.length) break;
    rows.push({ key: bytes.toString('latin1', at + rowHeader, keyEnd), value: bytes.subarray(keyEnd, end) });
    at = end;
  }
  return { rows, rest: bytes.subarray(at) };
}

async function loadParts(
  file: FileHandle,
  path: string,
  manifest: Manifest,
  target: TruthTarget,
): Promise<void> {
  let start = manifestLength;
  for (const part of manifest.parts) {
    let rest = Buffer.alloc(0);
    for await (const piece of piecesOf(file, start, part.bytes)) {
      const decoded = decodeRows(Buffer.concat([rest, piece]));
      await target.write(part.name, decoded.rows);
      rest = Buffer.from(decoded.rest);
    }
    if (rest.length > 0) damaged(path, `its part ${part.name} ends inside a row`);
    start += part.bytes;
  }
}

async function fill(file: FileHandle, path: string, manifest: Manifest, target: TruthTarget): Promise<void> {
  try {
    await loadParts(file, path, manifest, target);
    const problem = await target.finish({ ...manifest.head, link: Buffer.from(manifest.link, 'hex') });
    if (problem !== undefined) damaged(path, problem);
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

/**
 * Makes a store out of a backup: ids, tx, versions, history, counters and definitions as they were. `openTarget` is
 * called when the file has been checked. INVALID_BODY for a truncated, changed or foreign file.
 */
export async function restoreInto(
  backup: string,
  openTarget: () => Promise<TruthTarget>,
): Promise<{ readonly drops: number }> {
  const file = await open(backup, 'r').catch(() => fail('NOT_FOUND', `${backup} cannot be opened.`));
  try {
    const manifest = await readManifest(file, backup);
    await checkParts(file, backup, manifest.parts);
    await fill(file, backup, manifest, await openTarget());
    return { drops: manifest.drops };
  } finally {
    await file.close();
  }
}
