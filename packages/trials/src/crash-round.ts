import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openLmdbStore, type Store } from '@drops/store';
import { answersOf } from './same-answers.js';
import { startTarget, type Mode, type Programs, type Target } from './target.js';
import { totalOf, writersOf, type Progress, type Writer } from './writers.js';

export interface Round {
  /** Names its entities: no two rounds of a store share a number. */
  readonly number: number;
  readonly mode: Mode;
  /** The kill comes so many ms after this: the start of the process, its being open, the first acknowledgement. */
  readonly after: 'start' | 'opening' | 'acknowledgement';
  readonly ms: number;
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

interface Run {
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
  const target = startTarget(round.mode, programs, data);
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

function problemOf(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Compares what a writer was told with what is there; `note` takes how many of its writes are. */
function checkWriter(
  snapshot: ReturnType<Store['snapshot']>,
  writer: Writer,
  progress: Progress,
  note: (applied: number) => void,
): string | undefined {
  const { acknowledged, underWay } = progress;
  return problemOf(() => {
    const applied = writer.applied(snapshot);
    note(applied);
    if (applied === acknowledged || (underWay && applied === acknowledged + 1)) return undefined;
    return `${acknowledged} writes like ${writer.statement(0).slice(0, 40)} were acknowledged, ${applied} are there`;
  });
}

/** Rebuilds a copy of the store: it must answer as the original does. */
async function checkRebuilt(data: string, store: Store): Promise<string | undefined> {
  const copy = `${data}.copy`;
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(data, 'store.mdb'), join(copy, 'store.mdb'));
  const rebuilt = openLmdbStore({ path: copy, durability: 'relaxed' });
  try {
    rebuilt.admin.rebuild();
    const same = answersOf(rebuilt.snapshot()) === answersOf(store.snapshot());
    return same ? undefined : 'a rebuilt copy answers otherwise than the store';
  } finally {
    await rebuilt.close();
    rmSync(copy, { recursive: true });
  }
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
  const writers = writersOf(round.number);
  const runs = await runAndKill(round, writers, programs, data);
  const store = openLmdbStore({ path: data });
  try {
    const snapshot = store.snapshot();
    const applied = writers.map(() => 0);
    const problems = writers.map((writer, i) =>
      checkWriter(snapshot, writer, runs[i]!, (count) => (applied[i] = count)),
    );
    for (const { refused } of runs)
      if (refused !== undefined) problems.push(`a write was answered with ${refused}`);
    const sumOf = (counts: readonly number[]) => (counts[4] ?? 0) + (counts[5] ?? 0);
    const acknowledged = runs.map((run) => run.acknowledged);
    const now = totalOf(snapshot);
    if (now < total + sumOf(acknowledged) || now > total + sumOf(applied))
      problems.push(`the total is ${now} after ${total} and ${sumOf(acknowledged)} acknowledged increments`);
    const report = store.admin.verify();
    problems.push(report.problem, await checkRebuilt(data, store));
    snapshot.release();
    const count = acknowledged.reduce((sum, one) => sum + one, 0);
    return {
      acknowledged: count,
      unacknowledged: applied.reduce((sum, one) => sum + one, 0) - count,
      records: report.checked,
      problems: problems.filter((problem) => problem !== undefined),
      total: now,
    };
  } finally {
    await store.close();
  }
}
