import { setTimeout as wait } from 'node:timers/promises';
import { openLmdbStore } from '@drops/store';
import { checkSearch } from './check-search.js';
import { checkStore } from './check-store.js';
import { startTarget, type Mode, type Programs, type Target } from './target.js';
import { writersOf, type Progress, type Writer } from './writers.js';

export interface Round {
  /** Names its entities: no two rounds of a store share a number. */
  readonly number: number;
  readonly mode: Mode;
  /** The kill comes so many ms after this: the start of the process, its being open, the first acknowledgement. */
  readonly after: 'start' | 'opening' | 'acknowledgement';
  readonly ms: number;
  /** A copy is rebuilt and compared after the round. */
  readonly rebuild: boolean;
  /** Drops that the store was filled with before. */
  readonly filled: number;
  /** The group that limits the memory of the process. */
  readonly group?: string | undefined;
}

/** What a round came to. */
export interface RoundResult {
  readonly acknowledged: number;
  /** Not acknowledged when the process was killed, and there as a whole. */
  readonly unacknowledged: number;
  readonly records: number;
  /** Everything that is not as it must be, in words. */
  readonly problems: readonly string[];
}

interface Run extends Progress {
  acknowledged: number;
  underWay: boolean;
  refused: number | undefined;
}

/** Lets a writer write until its target is gone. */
async function write(writer: Writer, target: Target, run: Run, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    run.underWay = true;
    const status = await target.exec(writer.statement(run.acknowledged)).catch(() => undefined);
    if (status === undefined) return;
    run.underWay = false;
    if (status !== 200) {
      run.refused = status;
      return;
    }
    run.acknowledged += 1;
  }
}

/** Starts a process, lets the writers write to it, kills it; gives how far each writer came. */
async function runAndKill(
  round: Round,
  writers: readonly Writer[],
  programs: Programs,
  data: string,
): Promise<readonly Run[]> {
  const target = startTarget(round.mode, programs, data, round.group);
  const runs = writers.map((): Run => ({ acknowledged: 0, underWay: false, refused: undefined }));
  let killed = false;
  const writing = target.ready.then(
    () => Promise.all(writers.map((writer, i) => write(writer, target, runs[i]!, () => killed))),
    (error) => {
      if (!killed) throw error;
    },
  );
  let ended = false;
  const over = () => void (ended = true);
  writing.then(over, over);
  if (round.after !== 'start') await target.ready;
  const waits = round.after === 'acknowledgement';
  while (waits && !ended && runs.every((run) => run.acknowledged === 0)) await wait(1);
  await wait(round.ms);
  killed = true;
  await target.kill();
  await writing;
  return runs;
}

/**
 * One round: a process is killed while eight writers write, the store is opened again, and everything that was
 * acknowledged must be there, batches as a whole, under a chain that verifies. `total` is what the shared counter
 * held before; it is returned as it is now.
 */
export async function crashRound(
  round: Round,
  programs: Programs,
  data: string,
  total: number,
): Promise<RoundResult & { readonly total: number }> {
  const writers = writersOf(round.number, round.filled);
  const runs = await runAndKill(round, writers, programs, data);
  const store = openLmdbStore({ path: data });
  try {
    const findings = await checkStore(store, data, writers, runs, total, round.rebuild);
    const { applied, records, problems, total: now } = findings;
    const refusals = runs.flatMap(({ refused }) =>
      refused === undefined ? [] : [`a write was answered with ${refused}`],
    );
    const unfound = await checkSearch(store, writers, applied);
    const count = runs.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    return {
      acknowledged: count,
      unacknowledged: applied.reduce((sum, one) => sum + one, 0) - count,
      records,
      problems: [...problems, ...refusals, ...unfound],
      total: now,
    };
  } finally {
    await store.close();
  }
}
