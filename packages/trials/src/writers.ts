import { isObject, type Json } from '@drops/ir';
import type { LocalSnapshot } from '@drops/store';
import { drain } from './same-answers.js';

/** How far a writer came in one round: it writes one statement after the other. */
export interface Progress {
  /** Statements that were acknowledged; they are the first ones. */
  readonly acknowledged: number;
  /** One more was under way when the process was killed: it may be there, whole, or not. */
  readonly underWay: boolean;
  /** So many of the acknowledged ones, the last, need not be there. Default 0. */
  readonly mayLose?: number;
}

/** One writer of a round. */
export interface Writer {
  /** Its i-th statement. */
  statement(i: number): string;
  /** How many of its statements have had effect; throws when what it finds is no state between two statements. */
  applied(snapshot: LocalSnapshot): number;
  /** What a search finds its i-th statement by, and the entity that it finds. */
  found?(i: number): { readonly route: string; readonly word: string; readonly key: string };
}

const filler = (i: number): string => 'x'.repeat((i * 397) % 3000);

function numberAt(payload: Json, name: string): number {
  const value = isObject(payload) ? payload[name] : undefined;
  if (typeof value !== 'number') throw new Error(`a number ${name} expected in ${JSON.stringify(payload)}`);
  return value;
}

function payloadOf(snapshot: LocalSnapshot, route: string, key: string): Json | undefined {
  const found = snapshot.get(route, key);
  return typeof found === 'object' ? found.payload : undefined;
}

/** Counts what is there from 0 on without a gap. */
function countUp(isThere: (i: number) => boolean): number {
  let i = 0;
  while (isThere(i)) i += 1;
  return i;
}

/** A new entity each time. */
function saver(round: number, name: string): Writer {
  const key = (i: number) => `${round}-${name}-${i}`;
  const word = (i: number) => `word${round}${name}${i}`;
  return {
    found: (i) => ({ route: 'puts', word: word(i), key: key(i) }),
    statement: (i) => `save puts @${key(i)} n: ${i} text: "saved as ${word(i)}" filler: "${filler(i)}"`,
    applied: (snapshot) =>
      countUp((i) => {
        const payload = payloadOf(snapshot, 'puts', key(i));
        if (payload === undefined) return false;
        const written = { n: i, text: `saved as ${word(i)}`, filler: filler(i) };
        if (JSON.stringify(payload) !== JSON.stringify(written))
          throw new Error(`puts @${key(i)} holds something else than was written`);
        return true;
      }),
  };
}

/** One entity again and again. */
function rewriter(round: number): Writer {
  return {
    statement: (i) => `save rewritten @${round} n: ${i} filler: "${filler(i)}"`,
    applied(snapshot) {
      const found = snapshot.get('rewritten', String(round));
      if (typeof found !== 'object') return 0;
      const n = numberAt(found.payload, 'n');
      if (found.version !== n + 1)
        throw new Error(`rewritten @${round}: version ${found.version} holds n ${n}`);
      return found.version;
    },
  };
}

/** Events. */
function appender(round: number): Writer {
  const route = `events/r${round}`;
  return {
    statement: (i) => `save ${route} n: ${i}`,
    applied(snapshot) {
      const events = drain(snapshot, { kind: 'RouteScan', route, subtree: false, rows: 'all' });
      for (const [i, { payload }] of events.entries()) {
        if (numberAt(payload, 'n') !== i)
          throw new Error(`${route}: event ${i} is ${JSON.stringify(payload)}`);
      }
      return events.length;
    },
  };
}

/** Increments of one counter. */
function adder(round: number, name: string): Writer {
  const key = `${round}-${name}`;
  return {
    statement: () => `add 1 to counters @${key} n; add 1 to counters @total n`,
    applied(snapshot) {
      const payload = payloadOf(snapshot, 'counters', key);
      return payload === undefined ? 0 : numberAt(payload, 'n');
    },
  };
}

const batchSize = 10;

/** Batches: nine new entities and one increment each. */
function batcher(round: number): Writer {
  const key = (i: number, j: number) => `${round}-${i}-${j}`;
  const saves = (i: number) =>
    Array.from(
      { length: batchSize - 1 },
      (_, j) => `save batches @${key(i, j)} n: ${i} filler: "${filler(i + j)}"`,
    );
  return {
    statement: (i) => `bulk (${saves(i).join(', ')}, add 1 to batched @${round} n)`,
    applied(snapshot) {
      const batches = countUp((i) => {
        const there = Array.from({ length: batchSize - 1 }, (_, j) =>
          payloadOf(snapshot, 'batches', key(i, j)),
        );
        const count = there.filter((payload) => payload !== undefined).length;
        if (count > 0 && count < batchSize - 1) throw new Error(`batch ${round}-${i} is there by half`);
        return count > 0;
      });
      const payload = payloadOf(snapshot, 'batched', String(round));
      const counted = payload === undefined ? 0 : numberAt(payload, 'n');
      if (counted !== batches)
        throw new Error(`${batches} batches of round ${round}, but ${counted} were counted`);
      return batches;
    },
  };
}

/** An entity that comes and goes. */
function remover(round: number): Writer {
  const key = String(round);
  return {
    statement: (i) => (i % 2 === 0 ? `save fleeting @${key} n: ${i}` : `remove fleeting @${key}`),
    applied(snapshot) {
      const found = snapshot.get('fleeting', key);
      if (found === undefined) return 0;
      const route = { kind: 'HistoryScan', route: 'fleeting', subtree: false, newestFirst: false } as const;
      const versions = drain(snapshot, route).filter((drop) => drop.key === key).length;
      const live = found !== 'deleted';
      if (live !== (versions % 2 === 1))
        throw new Error(`fleeting @${key}: version ${versions} in a wrong state`);
      return versions;
    },
  };
}

/** Versions of drops that fill the store, far from one another. */
function scatterer(round: number, filled: number): Writer {
  const key = (i: number) => (round * 15_485_863 + i * 7919) % filled;
  const mark = (i: number) => `${round}-${i}`;
  return {
    statement: (i) => `save filled @${key(i)} mark: "${mark(i)}" filler: "${filler(i)}"`,
    applied: (snapshot) =>
      countUp((i) => {
        const payload = payloadOf(snapshot, 'filled', String(key(i)));
        return isObject(payload) && payload['mark'] === mark(i);
      }),
  };
}

/** The eight writers of a round; a ninth writes to a store that was filled with so many drops. */
export function writersOf(round: number, filled = 0): readonly Writer[] {
  return [
    saver(round, 'a'),
    saver(round, 'b'),
    rewriter(round),
    appender(round),
    adder(round, 'a'),
    adder(round, 'b'),
    batcher(round),
    remover(round),
    ...(filled > 0 ? [scatterer(round, filled)] : []),
  ];
}

/** The counter that the adders of all rounds share. */
export function totalOf(snapshot: LocalSnapshot): number {
  const payload = payloadOf(snapshot, 'counters', 'total');
  return payload === undefined ? 0 : numberAt(payload, 'n');
}
