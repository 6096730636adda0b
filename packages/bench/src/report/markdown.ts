import type { Effort } from '../measure.js';
import { isMet, type Result, type Verdict } from '../run-workload.js';
import { us } from '../workload.js';
import type { Machine } from './machine.js';
import { rate, ratio } from './table.js';

export interface Report {
  readonly machine: Machine;
  readonly sizes: { readonly users: number; readonly orders: number };
  readonly effort: Effort;
  readonly results: readonly Result[];
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export function verdictWord(verdict: Verdict): string {
  if (verdict.ratio === undefined) return 'not measured';
  return isMet(verdict) ? 'met' : 'missed';
}

export const targetText = ({ of, beside, atLeast }: Verdict): string =>
  `${of === us ? '' : `${of}: `}≥ ${atLeast} × ${beside}`;

/** One line a target: ours, theirs, ratio, met or missed. */
function summary(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.verdicts.map((verdict) => {
      const perSecond = (name: string): string => {
        const found = result.contenders.find(({ contender }) => contender === name);
        return found ? `${rate(found.figures.median)}/s` : '–';
      };
      return [
        result.title,
        perSecond(verdict.of),
        perSecond(verdict.beside),
        targetText(verdict),
        verdict.ratio === undefined ? '–' : ratio(verdict.ratio),
        verdictWord(verdict),
      ];
    }),
  );
  return markdownTable(['operation', 'Drops', 'beside', 'target', 'measured', ''], rows);
}

function machineText({ machine, sizes, effort }: Report): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${machine.date}, commit ${machine.commit}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, ` +
    `Node ${machine.node}, ${versions.join(', ')}. ${sizes.users} users, ${sizes.orders} orders, medians of ${effort.rounds} rounds after a warm-up of ${effort.warmUp / 1000} s.`
  );
}

function count(results: readonly Result[]): string {
  const verdicts = results.flatMap((result) => result.verdicts);
  const met = verdicts.filter(isMet).length;
  const open = verdicts.filter(({ ratio }) => ratio === undefined).length;
  const left = open === 0 ? '' : `, ${open} not measured`;
  return `${met} of ${verdicts.length} targets met, ${verdicts.length - met - open} missed${left}.`;
}

/** The table of targets and what it was measured on. */
export function shortReport(report: Report): string {
  return `${summary(report.results)}\n\n${count(report.results)} ${machineText(report)}`;
}

/** What the README shows between its markers. */
export function readmeSection(report: Report): string {
  return [
    shortReport(report),
    'Every figure, with its spread: [packages/bench/results](packages/bench/results).',
    '![Operations a second beside Drops](packages/bench/results/chart.svg)',
  ].join('\n\n');
}

/** Everything measured. */
export function fullReport(report: Report, setUps: readonly { name: string; setUp: string }[]): string {
  const parts = report.results.map((result) => {
    const ours = result.contenders.find(({ contender }) => contender === us)?.figures.median;
    const rows = result.contenders.map(({ contender, figures }) => [
      contender,
      `${rate(figures.median)}/s`,
      `${rate(figures.least)}–${rate(figures.greatest)}`,
      ours === undefined ? '–' : ratio(ours / figures.median),
    ]);
    const skipped = result.skipped.map(({ contender, why }) => `- skipped: ${contender}: ${why}`);
    const verdicts = result.verdicts.map(
      (verdict) =>
        `- ${targetText(verdict)}: ${verdict.ratio === undefined ? '–' : ratio(verdict.ratio)}, ${verdictWord(verdict)}`,
    );
    return [
      `## ${result.title}`,
      `${result.measured}. In ${result.unit} a second.`,
      markdownTable(['contender', 'median', 'least–greatest', 'Drops beside it'], rows),
      [...verdicts, ...skipped].join('\n'),
    ].join('\n\n');
  });
  const contenders = markdownTable(
    ['contender', 'as measured'],
    setUps.map(({ name, setUp }) => [name, setUp]),
  );
  return (
    [
      '# Measured',
      'Written by `pnpm bench --write`. `--only NAME` measures one row.',
      machineText(report),
      '![Operations a second beside Drops](chart.svg)',
      count(report.results),
      summary(report.results),
      ...parts,
      '## Contenders',
      contenders,
    ].join('\n\n') + '\n'
  );
}

/** The text with what stands between the markers of `name` replaced. Throws when they are not there. */
export function replaceBetween(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the text has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}
