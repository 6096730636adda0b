import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { clearLeftovers, type Snapshot, type Store } from '@drops/store';
import type { VectorType } from './graph.js';
import { openGraphFile, saveGraph, type GraphNote } from './graph-file.js';
import { emptyRouteGraph, growGraph, type RouteGraph } from './route-graph.js';
import type { SourceVectors, VectorSource } from './vector-source.js';

export interface GraphOptions {
  readonly store: Store;
  /** Folder of the files of graphs; missing: they are made anew in each process. */
  readonly folder?: string | undefined;
  /** How graphs hold vectors. Default `f16`. */
  readonly type?: VectorType | undefined;
  /** Bytes of graphs that are kept in memory, or the one that was searched last; default 1 GiB, 0 for any number. */
  readonly memory?: number | undefined;
}

/** The graphs of a process. */
export interface Graphs {
  /** The graph of a route as it is: from its file when it is first asked for. What it lacks is added beside other work. */
  of(snapshot: Snapshot, source: VectorSource, route: string, found: SourceVectors): RouteGraph | undefined;
  /** Answers when every graph that was asked for holds what is stored. */
  settled(): Promise<void>;
  /** Saves what has changed and ends. */
  close(): Promise<void>;
}

const usualMemory = 2 ** 30;
/** How long a graph is grown before other work gets its turn, in ms. */
const slice = 10;
/** A graph is saved when so many vectors were added, or this share of those that it holds. */
const saveAfter = 1000;
const saveShare = 1 / 8;

/** A graph's name among those of all sources. */
const nameOf = (source: VectorSource, route: string): string =>
  source.name === '' ? route : `${source.name}\0${route}`;

/** The files of a folder are named by their graphs, whatever characters those have. */
const fileOf = (folder: string, name: string): string =>
  join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.hnsw`);

/** Opens the graphs of a store. Nothing is read before one is asked for. */
export function openGraphs({ store, folder, type = 'f16', memory = usualMemory }: GraphOptions): Graphs {
  /** By their names, in the order in which they were asked for. */
  const graphs = new Map<string, RouteGraph | undefined>();
  const growing = new Set<string>();
  const saves = new Set<Promise<void>>();
  let growth: Promise<void> | undefined;
  let closed = false;

  let cleared = folder === undefined;

  const open = (
    snapshot: Snapshot,
    source: VectorSource,
    route: string,
    found: SourceVectors,
  ): RouteGraph | undefined => {
    const { origin, reached } = found;
    const fits = (note: GraphNote): boolean =>
      note.route === route &&
      note.origin === origin &&
      note.dimension === found.vectors.dimension &&
      note.type === type &&
      note.tx <= reached &&
      snapshot.linkAt?.(note.head) === note.link;
    if (folder !== undefined && !cleared) clearLeftovers(folder);
    cleared = true;
    const saved =
      folder === undefined ? undefined : openGraphFile(fileOf(folder, nameOf(source, route)), fits);
    if (!saved) return emptyRouteGraph(source, route, found, type);
    return { source, origin, route, graph: saved.graph, tx: saved.note.tx, unsaved: 0, next: undefined };
  };

  const save = async (own: RouteGraph): Promise<void> => {
    if (folder === undefined) return;
    const snapshot = await store.snapshot();
    const { tx: head } = snapshot;
    const link = snapshot.linkAt?.(head);
    snapshot.release();
    if (link === undefined) return;
    const { source, origin, route, graph, tx } = own;
    const note = { route, origin, dimension: graph.dimension, type: graph.type, tx, head, link };
    const before = own.unsaved;
    own.unsaved = 0;
    try {
      await saveGraph(graph, note, fileOf(folder, nameOf(source, route)));
    } catch {
      // It is a cache: where there is no room it is tried again after further changes.
      own.unsaved += before;
    }
  };
  const saveSoon = (own: RouteGraph): void => {
    const saving = save(own).finally(() => saves.delete(saving));
    saves.add(saving);
  };

  /** Lets graphs go that were not asked for the longest, until the others fit. */
  const makeRoom = (): void => {
    if (memory === 0) return;
    let bytes = 0;
    for (const own of graphs.values()) bytes += (own?.graph.bytes() ?? 0) + (own?.next?.graph.bytes() ?? 0);
    for (const [name, own] of graphs) {
      if (bytes <= memory || graphs.size === 1) return;
      graphs.delete(name);
      growing.delete(name);
      if (!own) continue;
      bytes -= own.graph.bytes() + (own.next?.graph.bytes() ?? 0);
      if (own.unsaved > 0) saveSoon(own);
    }
  };

  /** One slice of one graph; true when it holds all. */
  const grow = async (name: string): Promise<boolean> => {
    const own = graphs.get(name);
    if (!own) return true;
    const snapshot = await store.snapshot();
    try {
      const found = own.source.of(snapshot, own.route);
      if (!found || found.origin !== own.origin) return true;
      const stale = own.graph.size() > 1.5 * found.vectors.count + saveAfter;
      if (stale) own.next ??= emptyRouteGraph(own.source, own.route, found, type);
      const target = own.next ?? own;
      if (!growGraph(target, found, slice)) return false;
      graphs.set(name, target);
      makeRoom();
      if (target.unsaved >= Math.max(saveAfter, target.graph.size() * saveShare)) saveSoon(target);
      return true;
    } finally {
      snapshot.release();
    }
  };

  const growAll = async (): Promise<void> => {
    for (let [name] = growing; name !== undefined && !closed; [name] = growing) {
      growing.delete(name);
      // What fails is tried again by the next search; until then its vectors are compared one by one.
      const done = await grow(name).catch(() => true);
      // Others get their turn before it is gone on with.
      if (!done) growing.add(name);
      await setImmediate();
    }
  };
  const growSoon = (name: string): void => {
    growing.add(name);
    growth ??= growAll().finally(() => (growth = undefined));
  };

  return {
    of(snapshot, source, route, found) {
      const name = nameOf(source, route);
      const known = graphs.get(name);
      const isOpen = graphs.has(name) && (known === undefined || known.origin === found.origin);
      const own = isOpen ? known : open(snapshot, source, route, found);
      graphs.delete(name);
      graphs.set(name, own);
      if (!isOpen) makeRoom();
      if (own && own.tx < found.reached && !closed) growSoon(name);
      return own;
    },
    async settled() {
      while (growth) await growth;
      await Promise.all(saves);
    },
    async close() {
      closed = true;
      await growth;
      await Promise.all(saves);
      for (const own of graphs.values()) if (own && own.unsaved > 0) await save(own);
      graphs.clear();
    },
  };
}
