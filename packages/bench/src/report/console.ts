import type { Result } from '../run-workload.js';
import { us } from '../workload.js';
import { targetText, verdictWord } from './markdown.js';
import { rate, ratio, table } from './table.js';

/** µs, ms or s. */
function each(perSecond: number): string {
  const us = 1e6 / perSecond;
  if (us < 1000) return `${us.toPrecision(3)} µs`;
  return us < 1e6 ? `${(us / 1000).toPrecision(3)} ms` : `${(us / 1e6).toPrecision(3)} s`;
}

/** The table of one workload for a terminal. */
export function describeResult(result: Result): string {
  const ours = result.contenders.find(({ contender }) => contender === us)?.figures.median;
  const rows = result.contenders.map(({ contender, figures: { median, least, greatest } }) => [
    contender,
    `${rate(median)}/s`,
    each(median),
    `${rate(least)}–${rate(greatest)}`,
    ours === undefined ? '' : ratio(ours / median),
  ]);
  const verdicts = result.verdicts.map(
    (verdict) =>
      `target ${targetText(verdict)}: ${verdict.ratio === undefined ? '–' : ratio(verdict.ratio)}, ${verdictWord(verdict)}`,
  );
  return [
    `${result.title} [${result.name}]: ${result.measured}`,
    table(['contender', result.unit, 'each', 'least–greatest', 'Drops beside it'], rows),
    ...verdicts,
  ].join('\n');
}
