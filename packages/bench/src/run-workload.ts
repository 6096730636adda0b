import { compareStrings } from '@drops/ir';
import type { Bench } from './bench.js';
import { interleave, type Figures, type Round } from './measure.js';
import { Absent, type Row } from './system.js';
import { us, type Ready, type Target, type Workload } from './workload.js';

export interface Measured {
  readonly contender: string;
  readonly figures: Figures;
}

export interface Skipped {
  readonly contender: string;
  readonly why: string;
}

/** A target with what came out; no ratio where one of both was skipped. */
export interface Verdict extends Target {
  readonly ratio: number | undefined;
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly measured: string;
  readonly unit: Workload['unit'];
  readonly contenders: readonly Measured[];
  readonly skipped: readonly Skipped[];
  readonly verdicts: readonly Verdict[];
}

export const isMet = ({ ratio, atLeast }: Verdict): boolean => ratio !== undefined && ratio >= atLeast;

const comparedFields = ['key', 'name', 'city', 'score', 'amount', 'count', 'sum', 'avg'];

/** The rows as a text that is the same for the same answer; sums may be added up in another order. */
export function digest(rows: readonly Row[], ordered: boolean): string {
  const lines = rows.map((row) =>
    comparedFields
      .filter((field) => row[field] !== undefined)
      .map((field) => {
        const value = row[field];
        return `${field}=${typeof value === 'number' ? Number(value.toPrecision(9)) : String(value)}`;
      })
      .join(' '),
  );
  return (ordered ? lines : lines.sort(compareStrings)).join('\n');
}

/** Contenders that answer differently must not be compared. */
async function compareAnswers(
  workload: Workload,
  ready: readonly (readonly [string, Ready])[],
): Promise<void> {
  for (const n of [0, 12_345, 777_777]) {
    let first: readonly [string, string] | undefined;
    for (const [name, { answer }] of ready) {
      if (!answer) continue;
      const text = digest(await answer(n), workload.ordered ?? false);
      first ??= [name, text];
      if (text === '') throw new Error(`${workload.title}: ${name} finds nothing`);
      if (text !== first[1]) {
        const shown = [first, [name, text]].map(([who, what]) => `${who}:\n${(what ?? '').slice(0, 600)}`);
        throw new Error(`${workload.title}: the answers differ\n${shown.join('\n')}`);
      }
    }
  }
}

/** The round of a peer until it fails: that is its own result, and ends nobody else's. A failure of ours ends the run. */
function unlessFailed(name: string, round: Round, failures: Map<string, string>): Round {
  if (name.startsWith(us)) return round;
  return async (number) => {
    if (failures.has(name)) return 0;
    try {
      return await round(number);
    } catch (thrown) {
      failures.set(name, `failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return 0;
    }
  };
}

/** Runs a workload over all contenders that this machine has. */
export async function runWorkload(
  workload: Workload,
  bench: Bench,
  say: (line: string) => void,
): Promise<Result> {
  const ready: (readonly [string, Ready])[] = [];
  const skipped: Skipped[] = [];
  for (const contender of workload.contenders) {
    try {
      ready.push([contender.name, await contender.prepare(bench)]);
    } catch (thrown) {
      if (!(thrown instanceof Absent)) throw thrown;
      skipped.push({ contender: contender.name, why: thrown.message });
      say(`SKIPPED ${contender.name} in ${workload.name}: ${thrown.message}`);
    }
  }
  try {
    await compareAnswers(workload, ready);
    const failures = new Map<string, string>();
    const figures = await interleave(
      ready.map(([name, { round }]) => unlessFailed(name, round, failures)),
      bench.effort.rounds,
    );
    const contenders = ready.flatMap(([contender], i) => {
      const found = figures[i];
      return found && !failures.has(contender) ? [{ contender, figures: found }] : [];
    });
    for (const [contender, why] of failures) {
      skipped.push({ contender, why });
      say(`FAILED ${contender} in ${workload.name}: ${why}`);
    }
    const median = (name: string) => contenders.find(({ contender }) => contender === name)?.figures.median;
    const verdicts = workload.targets.map((target) => {
      const [ours, theirs] = [median(target.of), median(target.beside)];
      return { ...target, ratio: ours !== undefined && theirs !== undefined ? ours / theirs : undefined };
    });
    const { name, title, measured, unit } = workload;
    return { name, title, measured, unit, contenders, skipped, verdicts };
  } finally {
    for (const [, { stop }] of ready) await stop?.();
  }
}
