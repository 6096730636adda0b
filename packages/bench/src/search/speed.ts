import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from '../measure.js';
import { Absent } from '../system.js';
import type { TextDocument, TextPeer, TextSystem } from './text-peer.js';
import { makeTexts, misspeltQuery, queryOf, type Frequency } from './texts.js';

/** Milliseconds: the middle one, and the one that 95 of 100 stay below. */
export interface Times {
  readonly p50: number;
  readonly p95: number;
}

/** What was measured of a contender; what it cannot do is missing. */
export interface Speed {
  readonly contender: string;
  /** Milliseconds until all documents are indexed. */
  readonly build: number;
  readonly bytes: number | undefined;
  readonly queries: Readonly<Record<Frequency, Times>>;
  readonly fuzzy: Times | undefined;
  readonly add: Times;
  /** Milliseconds from opening what was indexed to the first answer, the middle of five; undefined: it keeps nothing. */
  readonly coldOpen: number | undefined;
}

export interface SpeedOptions {
  readonly documents: number;
  /** Queries of each kind, and rounds over all contenders. */
  readonly queries: number;
  readonly rounds: number;
  readonly folder: string;
  readonly say: (line: string) => void;
}

function timesOf(samples: readonly number[]): Times {
  const sorted = [...samples].sort((a, b) => a - b);
  return { p50: figuresOf(samples).median, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}

/** Milliseconds of each call. */
async function timed(calls: number, call: (n: number) => unknown): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const start = performance.now();
    await call(n);
    samples.push(performance.now() - start);
  }
  return samples;
}

/** A contender that holds the documents. */
interface Loaded {
  readonly peer: TextPeer;
  readonly folder: string;
  readonly system: TextSystem;
  readonly build: number;
}

async function loadPeer(peer: TextPeer, documents: readonly TextDocument[], folder: string): Promise<Loaded> {
  const own = join(folder, peer.name.replaceAll(/\W+/g, '-'));
  mkdirSync(own, { recursive: true });
  const start = performance.now();
  const system = await peer.open({ folder: own, documents });
  return { peer, folder: own, system, build: performance.now() - start };
}

const frequencies: readonly Frequency[] = ['rare', 'medium', 'head'];

/** Runs one kind of call on all contenders in turn, a round each; the first warms up. */
async function inTurn(
  loaded: readonly Loaded[],
  rounds: number,
  run: (one: Loaded, round: number) => Promise<readonly number[]>,
): Promise<ReadonlyMap<Loaded, Times>> {
  const samples = new Map<Loaded, number[]>(loaded.map((one) => [one, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of loaded) {
      const found = await run(one, round);
      if (round > 0) samples.get(one)?.push(...found);
    }
  }
  return new Map([...samples].map(([one, all]) => [one, timesOf(all)]));
}

/** How often what was indexed is opened again. */
const openings = 5;

async function coldOpen({ peer, folder, system }: Loaded): Promise<number | undefined> {
  if (system.bytes() === undefined && peer.name !== 'Drops') return undefined;
  await system.close();
  const samples: number[] = [];
  for (let n = 0; n < openings; n += 1) {
    const start = performance.now();
    const again = await peer.open({ folder, documents: undefined });
    await again.query(queryOf('rare', n), 10);
    samples.push(performance.now() - start);
    await again.close();
  }
  return figuresOf(samples).median;
}

/** Measures all contenders that the machine has, over the same documents and queries, in turn. */
export async function measureSpeed(
  peers: readonly TextPeer[],
  options: SpeedOptions,
): Promise<readonly Speed[]> {
  const { queries, rounds, folder, say } = options;
  const documents = makeTexts(options.documents);
  const loaded: Loaded[] = [];
  for (const peer of peers) {
    try {
      const one = await loadPeer(peer, documents, folder);
      loaded.push(one);
      say(`loaded ${peer.name} in ${(one.build / 1000).toFixed(1)} s`);
    } catch (thrown) {
      if (!(thrown instanceof Absent)) throw thrown;
      say(`SKIPPED ${peer.name}: ${thrown.message}`);
    }
  }
  const byFrequency = new Map<Frequency, ReadonlyMap<Loaded, Times>>();
  for (const frequency of frequencies) {
    const times = await inTurn(loaded, rounds, ({ system }, round) =>
      timed(queries, (n) => system.query(queryOf(frequency, round * queries + n), 10)),
    );
    byFrequency.set(frequency, times);
  }
  const fuzzy = await inTurn(loaded, rounds, async ({ system }, round) =>
    system.fuzzy ? timed(queries, (n) => system.fuzzy?.(misspeltQuery(round * queries + n), 10)) : [],
  );
  const added = makeTexts((rounds + 1) * queries, options.documents);
  const add = await inTurn(loaded, rounds, ({ system }, round) =>
    timed(queries, (n) => {
      const document = added[round * queries + n];
      return document && system.add(document);
    }),
  );
  const speeds: Speed[] = [];
  for (const one of loaded) {
    const bytes = one.system.bytes();
    const timesAt = (frequency: Frequency): Times =>
      byFrequency.get(frequency)?.get(one) ?? { p50: 0, p95: 0 };
    speeds.push({
      contender: one.peer.name,
      build: one.build,
      bytes,
      queries: { rare: timesAt('rare'), medium: timesAt('medium'), head: timesAt('head') },
      fuzzy: one.system.fuzzy && fuzzy.get(one),
      add: add.get(one) ?? { p50: 0, p95: 0 },
      coldOpen: await coldOpen(one),
    });
    if (speeds.at(-1)?.coldOpen === undefined) await one.system.close();
  }
  return speeds;
}
