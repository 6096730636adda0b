import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fail } from '@drops/diagnostics';
import { decodeManifest, manifestLength, rowHeader, type Manifest, type PartEntry } from './backup-file.js';
import { openEnvironment, readerOf, type Environment, type Table } from './environment.js';
import { writeFormat } from './format.js';
import { writeHead } from './head.js';
import { openIndexBuilder } from './open-index-builder.js';
import { rebuildStore } from './rebuild.js';
import { createRoutes, setRouteCount } from './routes.js';
import { verifyStore } from './verify.js';

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

/** Writes the whole rows at the beginning of some bytes; gives what is left of them. */
function writeRows(environment: Environment, table: Table, bytes: Buffer): Buffer {
  let at = 0;
  environment.write(() => {
    while (at + rowHeader <= bytes.length) {
      const keyEnd = at + rowHeader + bytes.readUInt16BE(at);
      const end = keyEnd + bytes.readUInt32BE(at + 2);
      if (end > bytes.length) break;
      table.putSync(bytes.toString('latin1', at + rowHeader, keyEnd), bytes.subarray(keyEnd, end));
      at = end;
    }
  });
  return bytes.subarray(at);
}

async function loadParts(
  file: FileHandle,
  path: string,
  manifest: Manifest,
  environment: Environment,
): Promise<void> {
  let start = manifestLength;
  for (const part of manifest.parts) {
    let rest = Buffer.alloc(0);
    for await (const piece of piecesOf(file, start, part.bytes)) {
      rest = Buffer.from(writeRows(environment, environment[part.name], Buffer.concat([rest, piece])));
    }
    if (rest.length > 0) damaged(path, `its part ${part.name} ends inside a row`);
    start += part.bytes;
  }
}

/** Fills a new folder from a backup whose parts were checked. */
async function fill(file: FileHandle, path: string, manifest: Manifest, folder: string): Promise<void> {
  const environment = openEnvironment({ path: folder, durability: 'full' });
  try {
    const reader = readerOf();
    const routes = createRoutes(environment);
    await loadParts(file, path, manifest, environment);
    environment.write(() => {
      const ids = routes.list(reader).map((route) => route.id);
      setRouteCount(
        environment,
        ids.reduce((most, id) => Math.max(most, id), 0),
      );
      writeHead(environment, { ...manifest.head, link: Buffer.from(manifest.link, 'hex') });
    });
    writeFormat(environment);
    rebuildStore(environment, reader, openIndexBuilder(environment, routes, Date.now));
    const { problem } = verifyStore(environment, routes, reader);
    if (problem !== undefined) damaged(path, problem);
  } finally {
    await environment.close();
  }
}

/**
 * Makes a store out of a backup: ids, tx, versions, history, counters and definitions as they were. The folder takes
 * its name when the store is whole and verified.
 * INVALID_BODY for a truncated, changed or foreign file; CONFLICT when the folder holds something.
 */
export async function restoreBackup(backup: string, target: string): Promise<{ readonly drops: number }> {
  const path = resolve(target);
  if (existsSync(path) && readdirSync(path).length > 0) {
    fail('CONFLICT', `${target} is not empty.`, { hint: 'restore into a new folder' });
  }
  const file = await open(backup, 'r').catch(() => fail('NOT_FOUND', `${backup} cannot be opened.`));
  const unfinished = `${path}.unfinished`;
  try {
    const manifest = await readManifest(file, backup);
    await checkParts(file, backup, manifest.parts);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(dirname(path), { recursive: true });
    await fill(file, backup, manifest, unfinished);
    await rename(unfinished, path);
    return { drops: manifest.drops };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await file.close();
  }
}
