import { createRandom } from '../random.js';
import type { Database } from './databases.js';
import { makeQuestion, makeTables } from './generate.js';
import { openBench, type Counts } from './round.js';
import { shrink } from './shrink.js';
import { toDrops, toSql } from './syntaxes.js';

export interface DifferentialOptions {
  readonly seed: number;
  readonly questions: number;
  /** Questions asked of one set of rows. */
  readonly perTables: number;
  readonly rows: number;
  readonly databases: readonly Database[];
  /** The address of a database where one more engine keeps its store. */
  readonly store?: string | undefined;
  readonly onProgress?: (asked: number, failures: number) => void;
}

export interface Failure {
  readonly seed: number;
  readonly drops: string;
  readonly sql: string;
  readonly problems: readonly string[];
}
export interface DifferentialReport {
  readonly asked: number;
  readonly failures: readonly Failure[];
  readonly counts: Counts;
}

/** Failures that are shown in full, each shrunk. */
const mostShown = 10;

/**
 * Asks random questions of random rows in every way there is, and compares the answers with their plain meaning. The
 * seed of a set of rows is the seed of the run plus its number, so that one failing set can be asked again alone.
 */
export async function runDifferential(options: DifferentialOptions): Promise<DifferentialReport> {
  const { seed, questions, perTables, rows, databases, store, onProgress } = options;
  const counts: Counts = new Map();
  const failures: Failure[] = [];
  let asked = 0;
  for (let set = 0; asked < questions && failures.length < mostShown; set += 1) {
    const random = createRandom(seed + set);
    const bench = await openBench(makeTables(random, rows), databases, store);
    try {
      for (let i = 0; i < perTables && asked < questions; i += 1) {
        const question = makeQuestion(random);
        asked += 1;
        if ((await bench.check(question, counts)).length === 0) continue;
        const nobody: Counts = new Map();
        const small = await shrink(question, async (one) => (await bench.check(one, nobody)).length > 0);
        const problems = await bench.check(small, nobody);
        failures.push({ seed: seed + set, drops: toDrops(small), sql: toSql(small), problems });
        if (failures.length >= mostShown) break;
      }
    } finally {
      await bench.close();
    }
    onProgress?.(asked, failures.length);
  }
  return { asked, failures, counts };
}
