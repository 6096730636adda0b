import type { Result } from '../run-workload.js';
import { us } from '../workload.js';

/** Who is drawn, in which colour; others would crowd the chart. */
const drawn: readonly (readonly [name: string, colour: string])[] = [
  ['lmdb by hand', '#6b7280'],
  ['SQLite', '#2563eb'],
  ['DuckDB', '#d97706'],
  ['PostgreSQL', '#0e7490'],
  ['PGlite', '#65a30d'],
  ['SurrealDB', '#c026d3'],
  ['Redis AOF', '#dc2626'],
  ['Hono echo', '#111827'],
];

const left = 250;
const width = 960;
const plot = width - left - 40;
const rowHeight = 26;
const top = 78;
/** Ratios beyond are drawn at the edge. */
const decades = { from: -3, to: 3 };

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function xOf(ratio: number): number {
  const power = Math.min(decades.to, Math.max(decades.from, Math.log10(ratio)));
  return left + (plot * (power - decades.from)) / (decades.to - decades.from);
}

function rowOf(result: Result, y: number): string {
  const ours = result.contenders.find(({ contender }) => contender === us)?.figures.median;
  if (ours === undefined) return '';
  const dots = drawn.flatMap(([name, colour]) => {
    const found = result.contenders.find(({ contender }) => contender === name);
    if (!found) return [];
    const ratio = found.figures.median / ours;
    const title = `${name}: ${ratio.toPrecision(3)} × Drops`;
    return [
      `<circle cx="${xOf(ratio).toFixed(1)}" cy="${y}" r="5" fill="${colour}"><title>${escape(title)}</title></circle>`,
    ];
  });
  return [
    `<line x1="${left}" x2="${left + plot}" y1="${y}" y2="${y}" stroke="#e5e7eb"/>`,
    `<text x="${left - 12}" y="${y + 4}" text-anchor="end">${escape(result.title)}</text>`,
    ...dots,
    `<rect x="${xOf(1) - 5}" y="${y - 5}" width="10" height="10" fill="#16a34a"><title>Drops</title></rect>`,
  ].join('');
}

/** Operations a second of each contender as a multiple of ours, on a logarithmic axis: left of the line is slower than Drops. */
export function chart(results: readonly Result[]): string {
  const shown = results.filter(({ contenders }) =>
    contenders.some(({ contender }) => drawn.some(([name]) => name === contender)),
  );
  const bottom = top + shown.length * rowHeight;
  const powers = Array.from({ length: decades.to - decades.from + 1 }, (_, i) => decades.from + i);
  const grid = powers.map((power) => {
    const x = xOf(10 ** power).toFixed(1);
    const label = power === 0 ? 'Drops' : power > 0 ? `${10 ** power} ×` : `1/${10 ** -power}`;
    const stroke = power === 0 ? '#16a34a' : '#f3f4f6';
    return `<line x1="${x}" x2="${x}" y1="${top - 14}" y2="${bottom}" stroke="${stroke}"/><text x="${x}" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
  });
  const legend = [[us, '#16a34a'] as const, ...drawn].map(
    ([name, colour], i) =>
      `<rect x="${16 + i * 103}" y="34" width="10" height="10" fill="${colour}"/><text x="${30 + i * 103}" y="43">${escape(name)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 32}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="20" font-size="14">Operations a second beside Drops (left of the green line: slower than Drops)</text>
${[...legend, ...grid, ...shown.map((result, i) => rowOf(result, top + i * rowHeight))].join('\n')}
</svg>
`;
}
