import type { Json } from '@drops/diagnostics';
import { cellOf } from './cell.js';
import { cutTo, padTo, widthOf } from './width.js';

export interface Column {
  readonly label: string;
  readonly values: readonly (Json | undefined)[];
}

const gap = '  ';
const least = 5;

/** Takes width from the widest columns until all fit, but leaves each a readable rest. */
function fit(widths: readonly number[], available: number): number[] {
  const fitted = [...widths];
  const room = available - gap.length * (widths.length - 1);
  let excess = fitted.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...fitted);
    if (widest <= least) break;
    fitted[fitted.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return fitted;
}

/** How many columns of these widths fit; the others are named below the table. */
function columnsThatFit(widths: readonly number[], available: number): number {
  let used = -gap.length;
  for (const [index, width] of widths.entries()) {
    used += gap.length + width;
    if (used > available && index > 0) return index;
  }
  return widths.length;
}

/** Columns as lines: head, rule, rows. With `columns` no line is wider; without, nothing is cut. */
export function drawTable(table: readonly Column[], columns: number | undefined): string {
  const cells = table.map(({ values }) => values.map(cellOf));
  const labels = table.map(({ label }) => cellOf(label));
  const natural = cells.map((column, index) =>
    column.reduce((width, cell) => Math.max(width, widthOf(cell)), widthOf(labels[index] ?? '')),
  );
  const widths = columns === undefined ? natural : fit(natural, columns);
  const shown = columns === undefined ? widths.length : columnsThatFit(widths, columns);
  const side = table.map(({ values }) => (isNumeric(values) ? 'left' : 'right'));
  const line = (parts: readonly string[]) =>
    parts
      .slice(0, shown)
      .map((part, index) => {
        const width = widths[index] ?? 0;
        return padTo(columns === undefined ? part : cutTo(part, width), width, side[index] ?? 'right');
      })
      .join(gap)
      .trimEnd();
  const lines = [line(labels), line(widths.map((width) => '─'.repeat(width)))];
  const height = cells[0]?.length ?? 0;
  for (let row = 0; row < height; row += 1) lines.push(line(cells.map((column) => column[row] ?? '')));
  if (shown < labels.length) lines.push(`also: ${labels.slice(shown).join(', ')}`);
  return lines.join('\n');
}

function isNumeric(values: readonly (Json | undefined)[]): boolean {
  const present = values.filter((value) => value !== undefined && value !== null);
  return present.length > 0 && present.every((value) => typeof value === 'number');
}
