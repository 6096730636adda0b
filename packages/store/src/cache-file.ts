import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isObject, type Json, type JsonObject } from '@drops/ir';

/*
 * Files of what can be made anew at any time. One is trusted only when every byte is as it was written:
 * body ‖ note (JSON) ‖ SHA-256 of all before ‖ length of the note ‖ mark.
 */

/** What is in a file: `drops-` and a name of four letters. */
export type CacheFileKind = 'drops-hnsw' | 'drops-cols';

const markOf = (kind: CacheFileKind): Buffer => Buffer.from(`${kind}\0\x01`, 'latin1');
const hashLength = 32;

/** Puts a folder's names on disk. */
async function syncFolder(path: string): Promise<void> {
  // Windows has no such call, and writes names at once.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A name beside a file that no other process takes, and that tells whose it is. */
const nameAside = (file: string): string => `${file}.${process.pid}.${randomUUID()}.tmp`;
const asideForm = /\.(\d+)\.[0-9a-f-]+\.tmp$/;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Of another user: it runs.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Clears away what processes left in a folder that were killed while they wrote; called before this one writes there. */
export function clearLeftovers(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = Number(asideForm.exec(name)?.[1]);
    if (pid === process.pid || (pid > 0 && !isRunning(pid))) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Writes a file beside the one that it replaces: it is the old one or the new one, whole. `writeBody` is called at once with
 * the name to write at; when it answers with a note the file is checked and synced beside other work, without one nothing is kept.
 */
export async function saveCacheFile(
  kind: CacheFileKind,
  file: string,
  writeBody: (aside: string) => JsonObject | Promise<JsonObject | undefined>,
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const aside = nameAside(file);
  try {
    const note = await writeBody(aside);
    if (!note) return void (await rm(aside, { force: true }));
    const handle = await open(aside, 'r+');
    try {
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
        if (Buffer.isBuffer(chunk)) hash.update(chunk);
      }
      const about = Buffer.from(JSON.stringify(note));
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(about.length, 0);
      const { size } = await handle.stat();
      const tail = [about, hash.update(about).digest(), length, markOf(kind)];
      await handle.write(Buffer.concat(tail), 0, undefined, size);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
    await syncFolder(dirname(file));
  } catch (thrown) {
    await rm(aside, { force: true });
    throw thrown;
  }
}

/** What was read: the note, and the bytes before it. */
export interface CacheFile {
  readonly note: JsonObject;
  readonly body: Buffer;
}

function parse(bytes: Buffer, mark: Buffer): CacheFile | undefined {
  const end = bytes.length - mark.length - 4 - hashLength;
  if (end < 0 || !bytes.subarray(-mark.length).equals(mark)) return undefined;
  const start = end - bytes.readUInt32BE(bytes.length - mark.length - 4);
  if (start < 0) return undefined;
  const sum = createHash('sha256').update(bytes.subarray(0, end)).digest();
  if (!sum.equals(bytes.subarray(end, end + hashLength))) return undefined;
  const note: Json = JSON.parse(bytes.toString('utf8', start, end));
  return isObject(note) ? { note, body: bytes.subarray(0, start) } : undefined;
}

/** A file that cannot be read is as good as none. */
function read(file: string, own: string): Buffer | undefined {
  try {
    linkSync(file, own);
    return readFileSync(own);
  } catch {
    return undefined;
  }
}

/**
 * What `take` makes of a file, if every byte of it is as it was written. A file that is damaged, or of which it makes nothing,
 * is deleted: it is a cache. `own` is the file under a name that lasts as long as the call, whatever other processes do.
 */
export function openCacheFile<T>(
  kind: CacheFileKind,
  file: string,
  take: (found: CacheFile, own: string) => T | undefined,
): T | undefined {
  if (!existsSync(file)) return undefined;
  const own = nameAside(file);
  try {
    const bytes = read(file, own);
    const found = bytes && parse(bytes, markOf(kind));
    const taken = found && take(found, own);
    if (taken === undefined) rmSync(file, { force: true });
    return taken;
  } finally {
    rmSync(own, { force: true });
  }
}
