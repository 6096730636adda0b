import type { Ranking } from './ranking.js';
import type { Speed, Times } from './speed.js';

const cells = (values: readonly string[]): string => `| ${values.join(' | ')} |`;

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [cells(header), cells(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(cells)].join(
    '\n',
  );
}

const ms = (value: number): string =>
  value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
const both = ({ p50, p95 }: Times): string => `${ms(p50)} / ${ms(p95)}`;
const given = <T>(value: T | undefined, show: (value: T) => string): string =>
  value === undefined ? '–' : show(value);

/** Milliseconds (p50 / p95), seconds and MB. */
export function speedTable(speeds: readonly Speed[]): string {
  const header = ['', 'build s', 'size MB', 'rare', 'medium', 'head', 'fuzzy, 3 words', 'add', 'cold open'];
  const rows = speeds.map(({ contender, build, bytes, queries, fuzzy, add, coldOpen }) => [
    contender,
    (build / 1000).toFixed(1),
    given(bytes, (n) => (n / 1e6).toFixed(1)),
    both(queries.rare),
    both(queries.medium),
    both(queries.head),
    given(fuzzy, both),
    both(add),
    given(coldOpen, ms),
  ]);
  return markdown(header, rows);
}

export function rankingTable(rankings: readonly Ranking[]): string {
  const header = ['nDCG@10', 'a keyword', 'two keywords', 'a misspelt keyword'];
  const rows = rankings.map(({ contender, keywords, pairs, misspelt }) => [
    contender,
    ...[keywords, pairs, misspelt].map((value) => value.toFixed(3)),
  ]);
  return markdown(header, rows);
}

interface SpeedTarget {
  readonly what: string;
  readonly beside: string;
  readonly atMost: number;
  readonly of: (speed: Speed) => number | undefined;
}

/** What the whole statement is to cost beside the others. */
const targets: readonly SpeedTarget[] = [
  { what: 'rare', beside: 'SQLite FTS5', atMost: 1, of: (s) => s.queries.rare.p50 },
  { what: 'medium', beside: 'SQLite FTS5', atMost: 0.3, of: (s) => s.queries.medium.p50 },
  { what: 'head', beside: 'SQLite FTS5', atMost: 0.1, of: (s) => s.queries.head.p50 },
  { what: 'fuzzy, 3 words', beside: 'MiniSearch', atMost: 2, of: (s) => s.fuzzy?.p50 },
  { what: 'build', beside: 'SQLite FTS5', atMost: 3, of: (s) => s.build },
  { what: 'add', beside: 'SQLite FTS5', atMost: 1.5, of: (s) => s.add.p50 },
];

/** Each target with what came out, of the statement and of the index alone. */
export function targetTable(speeds: readonly Speed[]): string {
  const named = (name: string) => speeds.find(({ contender }) => contender === name);
  const rows = targets.map(({ what, beside, atMost, of }) => {
    const theirs = given(named(beside), (speed) => String(of(speed)));
    const ratio = (name: string): string => {
      const ours = named(name);
      const value = ours && of(ours);
      const other = Number(theirs);
      return value === undefined || Number.isNaN(other) ? '–' : `${(value / other).toFixed(2)} ×`;
    };
    return [what, `≤ ${atMost} × ${beside}`, ratio('Drops'), ratio('Drops, index alone')];
  });
  return markdown(['', 'target', 'Drops', 'index alone'], rows);
}
