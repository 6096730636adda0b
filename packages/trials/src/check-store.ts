import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Snapshot, type Store } from '@drops/store';
import { isPostgresAddress } from '@drops/store/address';
import { answersOf } from './same-answers.js';
import { totalOf, type Progress, type Writer } from './writers.js';

/** What was found in a store after its writers were cut off. */
export interface Findings {
  /** Writes that are there, of each writer. */
  readonly applied: readonly number[];
  /** Records whose chain was verified. */
  readonly records: number;
  /** What the shared counter holds. */
  readonly total: number;
  /** Everything that is not as it must be, in words. */
  readonly problems: readonly string[];
}

async function problemOf(run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Compares what a writer was told with what is there; `note` takes how many of its writes are. */
function checkWriter(
  snapshot: Snapshot,
  writer: Writer,
  { acknowledged, underWay, mayLose = 0 }: Progress,
  note: (applied: number) => void,
): Promise<string | undefined> {
  return problemOf(async () => {
    const applied = await writer.applied(snapshot);
    note(applied);
    const most = acknowledged + (underWay ? 1 : 0);
    if (applied <= most && applied >= acknowledged - mayLose) return undefined;
    return `${acknowledged} writes like ${writer.statement(0).slice(0, 40)} were acknowledged, ${applied} are there`;
  });
}

/** All that a store answers. */
async function answersNow(store: Store): Promise<string> {
  const snapshot = await store.snapshot();
  try {
    return await answersOf(snapshot);
  } finally {
    snapshot.release();
  }
}

/** Rebuilds a store in a database, which cannot be copied as a file, in its place: it must answer as it did. */
async function checkRebuiltInPlace(store: Store): Promise<string | undefined> {
  const before = await answersNow(store);
  await store.admin.rebuild();
  return (await answersNow(store)) === before ? undefined : 'the rebuilt store answers otherwise than before';
}

/** Rebuilds a copy of the store: it must answer as the original does. */
async function checkRebuilt(data: string, store: Store): Promise<string | undefined> {
  if (isPostgresAddress(data)) return checkRebuiltInPlace(store);
  const copy = `${data}.copy`;
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(data, 'store.mdb'), join(copy, 'store.mdb'));
  const rebuilt = await openStore({ path: copy, durability: 'relaxed' });
  try {
    await rebuilt.admin.rebuild();
    const same = (await answersNow(rebuilt)) === (await answersNow(store));
    return same ? undefined : 'a rebuilt copy answers otherwise than the store';
  } finally {
    await rebuilt.close();
    rmSync(copy, { recursive: true });
  }
}

/**
 * Checks an open store against what its eight writers were told: every acknowledged write is there, batches as a
 * whole, counters right, the chain verifies and a rebuilt copy is the same. `total` is what the shared counter held
 * before these writers began. `rebuild` false: no copy is rebuilt.
 */
export async function checkStore(
  store: Store,
  data: string,
  writers: readonly Writer[],
  progress: readonly Progress[],
  total: number,
  rebuild = true,
): Promise<Findings> {
  const snapshot = await store.snapshot();
  const applied = writers.map(() => 0);
  const problems = await Promise.all(
    writers.map((writer, i) => checkWriter(snapshot, writer, progress[i]!, (count) => (applied[i] = count))),
  );
  const sumOf = (counts: readonly number[]) => (counts[4] ?? 0) + (counts[5] ?? 0);
  const increments = sumOf(applied);
  const now = await totalOf(snapshot);
  // Each of the two adders may have been cut off between its own counter and the shared one.
  if (now < total + increments - 2 || now > total + increments)
    problems.push(`the total is ${now} after ${total} and ${increments} increments`);
  const report = await store.admin.verify();
  problems.push(report.problem, rebuild ? await checkRebuilt(data, store) : undefined);
  snapshot.release();
  return {
    applied,
    records: report.checked,
    total: now,
    problems: problems.filter((problem) => problem !== undefined),
  };
}
