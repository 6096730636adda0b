import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** What every file of LMDB holds near its beginning, in the byte order of this machine's kind. */
const magic = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);

/** A new store is larger before its first write is acknowledged. */
const unfinishedLimit = 64 * 1024;

/**
 * lmdb does not survive files of another kind, so they are told apart before it sees them. Where power was lost while
 * the file was made, before its first sync, it may have no beginning: nothing was in it, and it is emptied.
 */
export function checkFile(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r+');
  try {
    const bytes = Buffer.alloc(512);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    if (length === 0 || bytes.subarray(0, 64).includes(magic)) return;
    const { size } = fstatSync(descriptor);
    if (size > unfinishedLimit || bytes.some((byte) => byte !== 0))
      throw new Error(`${basename(file)} is no file of LMDB`);
    ftruncateSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Puts the names in a folder on disk: a synced file whose name was never written is lost with the power. */
function syncFolder(path: string): void {
  // Windows has no such call, and writes names at once.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Syncs a new store's folder, and the folders that hold those made for it. */
export function syncNames(path: string, firstMade: string | undefined): void {
  syncFolder(path);
  if (firstMade === undefined) return;
  const last = dirname(resolve(firstMade));
  for (let folder = resolve(path); folder !== last;) {
    folder = dirname(folder);
    syncFolder(folder);
  }
}
