import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from './bench.js';
import { makeUsers, randomNumbers } from './data.js';
import { alone, lengthOf, together, type Round } from './measure.js';
import { Absent, type OperationName, type Peer, type Row } from './system.js';

/** A contender that is ready: what measures it, and its answers where they are compared. */
export interface Ready {
  readonly round: Round;
  readonly answer?: (n: number) => Promise<readonly Row[]>;
  readonly stop?: () => Promise<void>;
}

export interface Contender {
  readonly name: string;
  /** Throws `Absent` where the machine does not have it. */
  prepare(bench: Bench): Promise<Ready>;
}

/** `of` must reach `atLeast` times `beside`. */
export interface Target {
  readonly of: string;
  readonly beside: string;
  readonly atLeast: number;
}

/** One row of the table: the same question put to all contenders in turn. */
export interface Workload {
  /** For --only. */
  readonly name: string;
  readonly title: string;
  /** What is measured, in a sentence. */
  readonly measured: string;
  readonly unit: 'operations' | 'rows';
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
  /** Answers come in one order. */
  readonly ordered?: boolean;
}

/** The name of what is measured of us, and the form of it that a target is about. */
export const us = 'Drops';

export const target = (beside: string, atLeast: number, of = us): Target => ({ of, beside, atLeast });

/** Fresh numbers a round, the same for every contender. */
function numbersOf(round: number): () => number {
  return randomNumbers(1000 + round);
}

async function operationOf(bench: Bench, peer: Peer, name: OperationName) {
  const system = await bench.system(peer);
  const operation = system.operations[name];
  if (!operation) throw new Absent(`${peer.name} has no ${name}`);
  return { operation, answer: async (n: number) => system.plain(await operation(n)) };
}

/** One caller, one operation after the other. */
export function oneByOne(peer: Peer, name: OperationName, called = peer.name): Contender {
  return {
    name: called,
    async prepare(bench) {
      const { operation, answer } = await operationOf(bench, peer, name);
      return { answer, round: (round) => alone(operation, numbersOf(round), lengthOf(bench.effort, round)) };
    },
  };
}

/** The same for what changes data, whose answers say nothing. */
export function writesOneByOne(peer: Peer, name: OperationName): Contender {
  const { prepare } = oneByOne(peer, name);
  return { name: peer.name, prepare: async (bench) => ({ round: (await prepare(bench)).round }) };
}

/** 64 callers at once. */
export const clients = 64;

export function writesTogether(peer: Peer, name: OperationName): Contender {
  return {
    name: peer.name,
    async prepare(bench) {
      const { operation } = await operationOf(bench, peer, name);
      return {
        round: (round) => together(operation, numbersOf(round), clients, lengthOf(bench.effort, round)),
      };
    },
  };
}

const run = promisify(execFile);
const coldProgram = fileURLToPath(new URL('./cold.js', import.meta.url));

/**
 * The first run of an operation in a process that has just opened the data and got one user of it: loading code is not
 * in the figure, and what the system keeps of files in memory helps everyone. `before` is given the folder of the data.
 */
export function firstRun(
  peer: Peer,
  name: OperationName,
  called = peer.name,
  before: (folder: string) => void = () => undefined,
): Contender {
  return {
    name: called,
    async prepare(bench) {
      const folder = await bench.closed(peer);
      const task = JSON.stringify({ peer: peer.name, operation: name, folder, sizes: bench.sizes });
      return {
        async round(round) {
          // Every run is a first one: there is nothing to warm up.
          if (round === 0) return 0;
          before(folder);
          const { stdout } = await run(process.execPath, [coldProgram, task]);
          return 1000 / Number(stdout);
        },
      };
    },
  };
}

/** Rows a second into an empty place with two indexes. Each round writes a quarter as many users as are loaded. */
export function bulkLoad(
  peer: Peer,
  form: 'bulkLoad' | 'bulkLoadText' = 'bulkLoad',
  called = peer.name,
): Contender {
  return {
    name: called,
    async prepare(bench) {
      const load = (await bench.system(peer))[form];
      if (!load) throw new Absent(`${peer.name} has no ${form}`);
      return {
        async round(round) {
          const share = round === 0 ? 20 : 4;
          const users = makeUsers(Math.ceil(bench.sizes.users / share), 0, 3);
          const start = performance.now();
          await load(users);
          return (users.length * 1000) / (performance.now() - start);
        },
      };
    },
  };
}
