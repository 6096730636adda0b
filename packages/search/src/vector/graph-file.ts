import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isObject, type Json } from '@drops/ir';
import { graphShape, loadGraph, type Graph, type VectorType } from './graph.js';

/** What a file of a graph says of itself, behind the bytes of the library. */
export interface GraphNote {
  readonly route: string;
  /** What its vectors are. */
  readonly origin: string;
  readonly dimension: number;
  readonly type: VectorType;
  /** Vectors up to this tx are in the graph. */
  readonly tx: number;
  /** A tx that ended a commit when the graph was saved, and the link of the chain there: another store has another one. */
  readonly head: number;
  readonly link: string;
}

const format = 1;
const mark = Buffer.from('drops-hnsw\0\x01', 'latin1');
// … note ‖ SHA-256 of all before ‖ length of the note ‖ mark
const tailLength = 32 + 4 + mark.length;

function noteBytes(note: GraphNote): Buffer {
  return Buffer.from(JSON.stringify({ format, shape: graphShape, ...note }));
}

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
 * Writes a graph beside the file that it replaces: a file is the old one or the new one, whole. The graph is written at
 * once, checked and synced beside other work.
 */
export async function saveGraph(graph: Graph, note: GraphNote, file: string): Promise<void> {
  // Nothing is waited for before the graph is written: what it holds is what the note says.
  mkdirSync(dirname(file), { recursive: true });
  const aside = nameAside(file);
  try {
    graph.save(aside);
    const handle = await open(aside, 'r+');
    try {
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
        if (Buffer.isBuffer(chunk)) hash.update(chunk);
      }
      const about = noteBytes(note);
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(about.length, 0);
      const { size } = await handle.stat();
      await handle.write(
        Buffer.concat([about, hash.update(about).digest(), length, mark]),
        0,
        undefined,
        size,
      );
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

export interface SavedGraph {
  readonly graph: Graph;
  readonly note: GraphNote;
}

function readNote(bytes: Buffer): GraphNote | undefined {
  const end = bytes.length - tailLength;
  if (end < 0 || !bytes.subarray(-mark.length).equals(mark)) return undefined;
  const start = end - bytes.readUInt32BE(bytes.length - mark.length - 4);
  if (start < 0) return undefined;
  const sum = createHash('sha256').update(bytes.subarray(0, end)).digest();
  if (!sum.equals(bytes.subarray(end, end + 32))) return undefined;
  const note: Json = JSON.parse(bytes.toString('utf8', start, end));
  if (!isObject(note) || note['format'] !== format || note['shape'] !== graphShape) return undefined;
  const { route, origin = '', dimension, type, tx, head, link } = note;
  if (typeof route !== 'string' || typeof dimension !== 'number' || typeof tx !== 'number') return undefined;
  if (typeof head !== 'number' || typeof link !== 'string' || typeof origin !== 'string') return undefined;
  return type === 'f32' || type === 'f16' || type === 'i8'
    ? { route, origin, dimension, type, tx, head, link }
    : undefined;
}

/**
 * The graph in a file, if every byte of it is as it was written and `fits` takes what it says of itself. A file that does
 * not fit, or is damaged, is deleted: it is a cache.
 */
export function openGraphFile(file: string, fits: (note: GraphNote) => boolean): SavedGraph | undefined {
  if (!existsSync(file)) return undefined;
  // Under a name of its own it stays what it is while another process replaces it.
  const own = nameAside(file);
  try {
    linkSync(file, own);
    const note = readNote(readFileSync(own));
    const graph = note && fits(note) ? loadGraph(own, note.dimension, note.type) : undefined;
    if (note && graph) return { note, graph };
    rmSync(file, { force: true });
    return undefined;
  } finally {
    rmSync(own, { force: true });
  }
}
