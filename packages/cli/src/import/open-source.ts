import { open } from 'node:fs/promises';
import type { ExportFormat } from '@drops/transfer';
import { UsageError } from '../failures.js';
import type { Io } from '../io.js';
import type { ImportSource, PartOptions } from './import-part.js';
import { openTextFile } from './text-file.js';

/** How files that are no text begin. */
const beginnings = [
  { kind: 'sqlite', bytes: Buffer.from('SQLite format 3\0') },
  { kind: 'zip', bytes: Buffer.from([0x50, 0x4b, 0x03, 0x04]) },
] as const;

async function kindOf(file: string): Promise<'sqlite' | 'zip' | 'text'> {
  if (file === '-') return 'text';
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    const found = beginnings.find(({ bytes }) => buffer.subarray(0, bytesRead).indexOf(bytes) === 0);
    return found?.kind ?? 'text';
  } finally {
    await handle.close();
  }
}

/** Opens whatever can be imported: SQLite files and PocketBase backups are known by how they begin, all else is text. */
export async function openSource(
  file: string,
  format: ExportFormat | undefined,
  options: PartOptions,
  io: Io,
  onBytes: (bytes: number) => void,
): Promise<ImportSource> {
  const kind = await kindOf(file);
  if (kind === 'text') return openTextFile(file, format, options, io, onBytes);
  if (format !== undefined)
    throw new UsageError(
      `--format ${format} goes with texts; ${file} is ${kind === 'zip' ? 'a zip' : 'an SQLite file'}`,
    );
  if (kind === 'sqlite') return (await import('./sqlite-file.js')).openSqliteFile(file, options);
  if (options.keyField !== undefined)
    throw new UsageError('--key-field does not go with a PocketBase backup: the id of a record is its key');
  return (await import('./pocketbase-backup.js')).openPocketbaseBackup(file, options);
}
