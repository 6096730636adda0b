import { openCacheFile, saveCacheFile } from '@drops/store';
import type { JsonObject } from '@drops/ir';
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

/**
 * Writes a graph beside the file that it replaces: a file is the old one or the new one, whole. The graph is written at
 * once, checked and synced beside other work.
 */
export function saveGraph(graph: Graph, note: GraphNote, file: string): Promise<void> {
  return saveCacheFile('drops-hnsw', file, (aside) => {
    // Nothing is waited for before the graph is written: what it holds is what the note says.
    graph.save(aside);
    return { format, shape: graphShape, ...note };
  });
}

export interface SavedGraph {
  readonly graph: Graph;
  readonly note: GraphNote;
}

function readNote(note: JsonObject): GraphNote | undefined {
  if (note['format'] !== format || note['shape'] !== graphShape) return undefined;
  const { route, origin = '', dimension, type, tx, head, link } = note;
  if (typeof route !== 'string' || typeof dimension !== 'number' || typeof tx !== 'number') return undefined;
  if (typeof head !== 'number' || typeof link !== 'string' || typeof origin !== 'string') return undefined;
  return type === 'f32' || type === 'f16' || type === 'i8'
    ? { route, origin, dimension, type, tx, head, link }
    : undefined;
}

/** The graph in a file that is whole, if `fits` takes what it says of itself; else the file is deleted. */
export function openGraphFile(file: string, fits: (note: GraphNote) => boolean): SavedGraph | undefined {
  return openCacheFile('drops-hnsw', file, (found, own) => {
    const note = readNote(found.note);
    const graph = note && fits(note) ? loadGraph(own, note.dimension, note.type) : undefined;
    return note && graph ? { note, graph } : undefined;
  });
}
