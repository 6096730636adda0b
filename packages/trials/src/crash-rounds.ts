import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRound, type Round, type RoundResult } from './crash-round.js';
import { createRandom } from './random.js';
import type { Programs } from './target.js';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly programs: Programs;
  /** Told of each round when it is done. */
  readonly onRound?: (round: Round, result: RoundResult) => void;
}

export interface CrashSummary {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly unacknowledged: number;
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

function planRound(number: number, random: () => number): Round {
  const after = momentOf(random());
  return { number, mode: number % 2 === 0 ? 'http' : 'engine', after, ms: Math.floor(longestRun * random()) };
}

/** Runs rounds of crashes on stores in a temporary folder, which stays when something was wrong. */
export async function crashRounds({ rounds, seed, programs, onRound }: CrashOptions): Promise<CrashSummary> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'drops-crash-'));
  let [acknowledged, unacknowledged, total] = [0, 0, 0];
  const problems: string[] = [];
  for (let number = 0; number < rounds; number += 1) {
    if (number % roundsOfStore === 0) total = 0;
    const data = join(folder, `store-${Math.floor(number / roundsOfStore)}`);
    const round = planRound(number, random);
    const result = await crashRound(round, programs, data, total);
    total = result.total;
    acknowledged += result.acknowledged;
    unacknowledged += result.unacknowledged;
    problems.push(...result.problems.map((problem) => `round ${number} (${round.mode}): ${problem}`));
    onRound?.(round, result);
    if (number % roundsOfStore === roundsOfStore - 1 && problems.length === 0)
      rmSync(data, { recursive: true });
  }
  if (problems.length === 0) rmSync(folder, { recursive: true });
  else problems.push(`the stores are in ${folder}`);
  return { rounds, acknowledged, unacknowledged, problems };
}
