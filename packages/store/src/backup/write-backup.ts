import { createHash, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { fail } from '@drops/diagnostics';
import { kindCodes } from '../log/log-record.js';
import { truthFormat } from '../log/truth-format.js';
import { partNames, type PartName, type TruthHead, type TruthRow, type TruthSource } from '../truth.js';
import { encodeManifest, manifestLength, rowHeader, type PartEntry } from './backup-file.js';

/** A file as a backup is written to it. */
export interface BackupFile {
  /** May write less than it was given, and says how much. */
  write(
    bytes: Buffer,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
/** The part of the file system that a backup needs. */
export interface Files {
  create(path: string): Promise<BackupFile>;
  rename(from: string, to: string): Promise<void>;
}
export const systemFiles: Files = { create: (path): Promise<FileHandle> => open(path, 'w'), rename };

/** Writes all of some bytes: a disk that is nearly full takes a part first. */
async function writeAll(file: BackupFile, bytes: Buffer, position: number | null = null): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const place = position === null ? null : position + at;
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, place);
    at += bytesWritten;
  }
}

const refusals: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

function encodeRow({ key, value }: TruthRow): Buffer {
  const bytes = Buffer.allocUnsafe(rowHeader + key.length + value.length);
  bytes.writeUInt16BE(key.length, 0);
  bytes.writeUInt32BE(value.length, 2);
  bytes.write(key, rowHeader, 'latin1');
  value.copy(bytes, rowHeader + key.length);
  return bytes;
}

interface Written {
  readonly entry: PartEntry;
  readonly drops: number;
}

async function writePart(
  file: BackupFile,
  source: TruthSource,
  name: PartName,
  head: TruthHead,
): Promise<Written> {
  const hash: Hash = createHash('sha256');
  let rows = 0;
  let bytes = 0;
  let drops = 0;
  for await (const page of source.rows(name, head)) {
    const chunk = Buffer.concat(page.map(encodeRow));
    hash.update(chunk);
    await writeAll(file, chunk);
    rows += page.length;
    bytes += chunk.length;
    // Versions that hold content.
    if (name === 'log') drops += page.filter(({ value }) => value[0] === kindCodes.put).length;
  }
  return { entry: { name, rows, bytes, sha256: hash.digest('hex') }, drops };
}

async function writeParts(file: BackupFile, source: TruthSource): Promise<number> {
  const head = await source.head();
  const { tx, time, epoch, link } = head;
  await writeAll(file, Buffer.alloc(manifestLength));
  const parts: PartEntry[] = [];
  let drops = 0;
  for (const name of partNames) {
    const written = await writePart(file, source, name, head);
    parts.push(written.entry);
    drops += written.drops;
  }
  const manifest = {
    kind: 'drops-backup',
    format: truthFormat,
    head: { tx, time, epoch },
    link: link.toString('hex'),
    drops,
    parts,
  } as const;
  await writeAll(file, encodeManifest(manifest), 0);
  await file.sync();
  return drops;
}

/**
 * Writes the truth up to the present head to a file while writing goes on: the log only grows, so its rows up to
 * there are the same whenever they are read. The file takes its name when it is whole. STORE_FULL when there is no room.
 */
export async function writeBackup(
  source: TruthSource,
  path: string,
  files: Files = systemFiles,
): Promise<{ readonly drops: number }> {
  const unfinished = `${path}.unfinished`;
  try {
    const file = await files.create(unfinished);
    const drops = await writeParts(file, source).finally(() => file.close());
    await files.rename(unfinished, path);
    return { drops };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof Error && 'code' in error && refusals.has(error.code)) {
      fail('STORE_FULL', `The disk of ${path} refused the backup: it is full or failing. No file was left.`, {
        hint: 'make room and try again',
      });
    }
    throw error;
  }
}
