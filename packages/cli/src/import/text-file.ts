import { createReadStream } from 'node:fs';
import { formatOf, readImport, type ExportFormat } from '@drops/transfer';
import { CommandFailure, UsageError } from '../failures.js';
import type { Io } from '../io.js';
import type { ImportSource, PartOptions } from './import-part.js';

/** A file (`-`: standard input) as chunks of text. Bytes that are not UTF-8 end the command. */
async function* textOf(file: string, io: Io, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new CommandFailure(`${file} is not UTF-8`);
    }
  };
  for await (const chunk of file === '-' ? io.stdin : createReadStream(file)) {
    const bytes = Buffer.from(chunk);
    onBytes(bytes.length);
    yield decode(bytes);
  }
  yield decode(undefined);
}

/** A text in a format by name, or by its own name or beginning, as the rows of one route. */
export async function openTextFile(
  file: string,
  named: ExportFormat | undefined,
  options: PartOptions,
  io: Io,
  onBytes: (bytes: number) => void,
): Promise<ImportSource> {
  const { route, table, keyField, encodeKeys, now } = options;
  if (table !== undefined) throw new UsageError('--table goes with SQLite files and PocketBase backups');
  const chunks = textOf(file, io, onBytes);
  const first = await chunks.next();
  const beginning = first.done ? '' : first.value;
  async function* all(): AsyncGenerator<string> {
    yield beginning;
    yield* chunks;
  }
  const format = named ?? formatOf(file, beginning);
  const rowOptions = { ...(keyField !== undefined && { keyField }), encodeKeys, now };
  return {
    parts: [{ route, name: file, rows: () => readImport(format, all(), rowOptions) }],
    close: () => undefined,
  };
}
