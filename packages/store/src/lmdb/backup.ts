import { createHash, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { fail } from '@drops/diagnostics';
import { u48 } from './binary-keys.js';
import {
  backupFormat,
  encodeManifest,
  manifestLength,
  partNames,
  rowHeader,
  type PartEntry,
  type PartName,
} from './backup-file.js';
import type { Environment, Reader } from './environment.js';
import { readHead } from './head.js';
import { kindCodes } from '../log/log-record.js';

const chunkBytes = 1 << 20;

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

interface Chunk {
  readonly bytes: Buffer;
  readonly rows: number;
  /** Versions that hold content. */
  readonly drops: number;
  /** Where the next one starts; undefined at the end. */
  readonly next: string | undefined;
}

function encodeRow(key: string, value: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(rowHeader + key.length + value.length);
  bytes.writeUInt16BE(key.length, 0);
  bytes.writeUInt32BE(value.length, 2);
  bytes.write(key, rowHeader, 'latin1');
  value.copy(bytes, rowHeader + key.length);
  return bytes;
}

/** Some rows of a table, in a read transaction of their own: a long backup must not keep old pages alive. */
function readChunk(
  environment: Environment,
  reader: Reader,
  name: PartName,
  start: string,
  head: number,
): Chunk {
  const end = name === 'routes' ? '\xff' : u48(head + 1);
  const rows: Buffer[] = [];
  let length = 0;
  let drops = 0;
  for (const { key, value } of reader.range(environment[name], { start, end })) {
    if (length >= chunkBytes) return { bytes: Buffer.concat(rows), rows: rows.length, drops, next: key };
    // Routes that came after the head belong to later drops.
    if (name === 'routes' && value.readUIntBE(4, 6) > head) continue;
    if (name === 'log' && value[0] === kindCodes.put) drops += 1;
    const row = encodeRow(key, value);
    rows.push(row);
    length += row.length;
  }
  return { bytes: Buffer.concat(rows), rows: rows.length, drops, next: undefined };
}

interface Written {
  readonly entry: PartEntry;
  readonly drops: number;
}

async function writePart(
  file: BackupFile,
  environment: Environment,
  reader: Reader,
  name: PartName,
  head: number,
): Promise<Written> {
  const hash: Hash = createHash('sha256');
  let rows = 0;
  let bytes = 0;
  let drops = 0;
  let start: string | undefined = '';
  while (start !== undefined) {
    const chunk: Chunk = readChunk(environment, reader, name, start, head);
    hash.update(chunk.bytes);
    await writeAll(file, chunk.bytes);
    rows += chunk.rows;
    bytes += chunk.bytes.length;
    drops += chunk.drops;
    start = chunk.next;
  }
  return { entry: { name, rows, bytes, sha256: hash.digest('hex') }, drops };
}

async function writeParts(file: BackupFile, environment: Environment, reader: Reader): Promise<number> {
  const { tx, time, epoch, link } = readHead(environment, reader);
  await writeAll(file, Buffer.alloc(manifestLength));
  const parts: PartEntry[] = [];
  let drops = 0;
  for (const name of partNames) {
    const written = await writePart(file, environment, reader, name, tx);
    parts.push(written.entry);
    drops += written.drops;
  }
  const manifest = {
    kind: 'drops-backup',
    format: backupFormat,
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
export async function backupStore(
  environment: Environment,
  reader: Reader,
  path: string,
  files: Files = systemFiles,
): Promise<{ readonly drops: number }> {
  const unfinished = `${path}.unfinished`;
  try {
    const file = await files.create(unfinished);
    const drops = await writeParts(file, environment, reader).finally(() => file.close());
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
