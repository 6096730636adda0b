import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeData, type Sizes } from './data.js';
import type { Effort } from './measure.js';
import { Absent, type Peer, type System } from './system.js';

/** The contenders of one run: each is loaded once, when it is first asked for. */
export interface Bench {
  readonly sizes: Sizes;
  readonly effort: Effort;
  /** The open system of a peer. Throws `Absent`, each time with the reason of the first. */
  system(peer: Peer): Promise<System>;
  /** Loads and closes a peer, so that another process can open it; gives its folder. */
  closed(peer: Peer): Promise<string>;
  /** Loads a peer and leaves it open, for those that several processes can open. */
  shared(peer: Peer): Promise<string>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly folder: string;
  readonly sizes: Sizes;
  readonly effort: Effort;
  /** Names of the peers to be asked; undefined: all. */
  readonly peers?: readonly string[] | undefined;
  readonly say: (line: string) => void;
}

export function createBench({ folder, sizes, effort, peers, say }: BenchOptions): Bench {
  const data = makeData(sizes);
  const open = new Map<Peer, System>();
  const loaded = new Set<Peer>();
  const absent = new Map<Peer, Absent>();
  const folderOf = (peer: Peer): string => join(folder, peer.name.replaceAll(/\W+/g, '-'));

  const openPeer = async (peer: Peer): Promise<System> => {
    const own = folderOf(peer);
    mkdirSync(own, { recursive: true });
    const start = performance.now();
    const first = !loaded.has(peer);
    const system = await peer.open({ folder: own, sizes, data: first ? data : undefined });
    if (first) say(`loaded ${peer.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    loaded.add(peer);
    open.set(peer, system);
    return system;
  };
  const system = async (peer: Peer): Promise<System> => {
    const known = absent.get(peer);
    if (known) throw known;
    try {
      if (peers && !peers.includes(peer.name)) throw new Absent('not asked for');
      return open.get(peer) ?? (await openPeer(peer));
    } catch (thrown) {
      if (thrown instanceof Absent) absent.set(peer, thrown);
      throw thrown;
    }
  };
  const close = async (peer: Peer): Promise<void> => {
    await open.get(peer)?.close();
    open.delete(peer);
  };
  return {
    sizes,
    effort,
    system,
    async closed(peer) {
      if (!loaded.has(peer)) await system(peer);
      await close(peer);
      return folderOf(peer);
    },
    async shared(peer) {
      await system(peer);
      return folderOf(peer);
    },
    async close() {
      for (const peer of [...open.keys()]) await close(peer);
    },
  };
}
