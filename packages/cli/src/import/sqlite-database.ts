import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure } from '../failures.js';

export type SqliteValue = number | bigint | string | Uint8Array | null;
/** Values by column. */
export type SqliteRow = ReadonlyMap<string, SqliteValue>;

/** An SQLite file that is read. */
export interface SqliteDatabase {
  /** Rows as they are found. */
  rows(sql: string, values?: readonly string[]): Generator<SqliteRow>;
  close(): void;
}

/** A name as SQL writes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Makes a folder that is gone when `close` is called. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'drops-import-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Byte 18 of the header: 2 where changes stand in a log of their own first. */
async function usesLog(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    return buffer[18] === 2;
  } finally {
    await handle.close();
  }
}

async function openFile(file: string, readOnly: boolean, name: string): Promise<SqliteDatabase> {
  // Loads 1.5 MB of WebAssembly: only who imports such a file waits for it.
  const { default: sqlite } = await import('node-sqlite3-wasm');
  const failed = (thrown: unknown): CommandFailure =>
    new CommandFailure(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw failed(thrown);
    }
  };
  const database = attempt(() => new sqlite.Database(file, { readOnly, fileMustExist: true }));
  // Without it the log would need memory that is shared with other processes.
  if (!readOnly) attempt(() => database.exec('PRAGMA locking_mode = EXCLUSIVE'));
  return {
    *rows(sql, values = []) {
      const statement = attempt(() => database.prepare(sql));
      try {
        const found = statement.iterate([...values]);
        for (;;) {
          const next = attempt(() => found.next());
          if (next.done) return;
          const row = new Map<string, SqliteValue>();
          for (const [column, value] of Object.entries(next.value)) {
            // Rows are nested only when that is asked for.
            if (value === null || typeof value !== 'object' || value instanceof Uint8Array)
              row.set(column, value);
          }
          yield row;
        }
      } finally {
        statement.finalize();
      }
    },
    close: () => database.close(),
  };
}

/** Opens a file that nobody else uses and that may be written to: a log beside it is worked in. */
export function openOwnSqlite(file: string, name: string): Promise<SqliteDatabase> {
  return openFile(file, false, name);
}

/**
 * Opens an SQLite file for reading; nothing of it is changed. One with a write-ahead log is copied first, log included,
 * since reading it means working with that log.
 */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  if (!(await usesLog(file))) return openFile(file, true, file);
  const folder = temporaryFolder();
  try {
    const copy = join(folder.path, 'data.db');
    copyFileSync(file, copy);
    const log = `${file}-wal`;
    if (existsSync(log) && statSync(log).size > 0) copyFileSync(log, `${copy}-wal`);
    const database = await openOwnSqlite(copy, file);
    return {
      ...database,
      close() {
        database.close();
        folder.remove();
      },
    };
  } catch (thrown) {
    folder.remove();
    throw thrown;
  }
}
