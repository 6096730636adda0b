import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRound, type Round, type RoundResult } from './crash-round.js';
import { dropsOf, fill, forgetPages } from './fill.js';
import { limitMemory } from './memory-limit.js';
import { removeData, schemaOf } from './database-place.js';
import { createRandom } from './random.js';
import type { Programs } from './target.js';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly programs: Programs;
  /** MB that each store is filled with before its rounds. Default 0. */
  readonly fill?: number;
  /** MB of memory that the processes may use, pages of the store among it. Default: no limit. */
  readonly memory?: number | undefined;
  /** The address of a database where the stores are kept, each in a schema of its own. Default: folders. */
  readonly database?: string | undefined;
  /** Told of each round when it is done. */
  readonly onRound?: (round: Round, result: RoundResult) => void;
}

export interface CrashSummary {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly unacknowledged: number;
  /** False: memory was to be limited, and cannot be here. */
  readonly limited: boolean;
  /** Rounds that found something wrong, with what they found. */
  readonly problems: readonly string[];
}

/** A store lives through so many crashes; then a new one keeps the checks quick. */
const roundsOfStore = 10;
const longestRun = 500;

function momentOf(dice: number): Round['after'] {
  if (dice < 0.1) return 'start';
  return dice < 0.2 ? 'opening' : 'acknowledgement';
}

function planRound(number: number, random: () => number): Pick<Round, 'number' | 'mode' | 'after' | 'ms'> {
  const after = momentOf(random());
  return { number, mode: number % 2 === 0 ? 'http' : 'engine', after, ms: Math.floor(longestRun * random()) };
}

/** Runs rounds of crashes on stores in a temporary folder, which stays when something was wrong. */
export async function crashRounds(options: CrashOptions): Promise<CrashSummary> {
  const { rounds, seed, programs, fill: megabytes = 0, memory, database, onRound } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'drops-crash-'));
  const limit = memory === undefined ? undefined : limitMemory(memory * 2 ** 20);
  const filled = dropsOf(megabytes);
  let [acknowledged, unacknowledged, total] = [0, 0, 0];
  const problems: string[] = [];
  for (let number = 0; number < rounds; number += 1) {
    const name = Math.floor(number / roundsOfStore);
    const data =
      database === undefined
        ? join(folder, `store-${name}`)
        : schemaOf(database, `drops_crash_${process.pid}_${name}`);
    if (number % roundsOfStore === 0) {
      total = 0;
      if (filled > 0) await fill(data, filled);
    }
    if (filled > 0) forgetPages(data);
    const last = number % roundsOfStore === roundsOfStore - 1 || number === rounds - 1;
    // Rebuilding a large store takes minutes: once is enough.
    const rebuild = last || filled === 0;
    const round = { ...planRound(number, random), rebuild, filled, group: limit?.processes };
    const result = await crashRound(round, programs, data, total);
    total = result.total;
    acknowledged += result.acknowledged;
    unacknowledged += result.unacknowledged;
    problems.push(...result.problems.map((problem) => `round ${number} (${round.mode}): ${problem}`));
    onRound?.(round, result);
    if (last && problems.length === 0) await removeData(data);
  }
  limit?.remove();
  if (problems.length === 0) rmSync(folder, { recursive: true });
  else problems.push(`the stores are in ${database ?? folder}`);
  const limited = memory === undefined || limit !== undefined;
  return { rounds, acknowledged, unacknowledged, limited, problems };
}
