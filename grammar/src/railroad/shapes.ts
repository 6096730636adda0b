/** Where a shape stands: its entry on the left, on the line that passes through. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A part of a diagram. `up` and `down` are what it needs above and below the line it is entered on; `drop` is
 * how far below that line it is left.
 */
export interface Shape {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  readonly drop: number;
  readonly draw: (place: Place) => string;
}

export const radius = 10;
const gap = 10;
const rowGap = 8;
const boxHeight = 24;
const characterWidth = 7.8;

const path = (d: string) => `<path d="${d}"/>`;
const line = (x: number, y: number, toX: number) => (toX === x ? '' : path(`M${x} ${y}H${toX}`));

export function escapeMarkup(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A box with a text; round for what is written as it stands, square for a rule, and then a link. */
export function box(label: string, style: 'word' | 'set' | 'rule'): Shape {
  const width = Math.ceil(label.length * characterWidth) + 22;
  const draw = ({ x, y }: Place) => {
    const round = style === 'rule' ? 3 : boxHeight / 2;
    const body =
      `<rect x="${x}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}" rx="${round}"/>` +
      `<text x="${x + width / 2}" y="${y + 4.5}">${escapeMarkup(label)}</text>`;
    const group = `<g class="${style}">${body}</g>`;
    return style === 'rule' ? `<a href="#${escapeMarkup(label)}">${group}</a>` : group;
  };
  return { width, up: boxHeight / 2, down: boxHeight / 2, drop: 0, draw };
}

/** The line alone. */
export const nothing: Shape = { width: 0, up: 0, down: 0, drop: 0, draw: () => '' };

/** Shapes one after the other on one line. */
export function row(items: readonly Shape[]): Shape {
  const width = items.reduce((sum, item) => sum + item.width, 0) + gap * Math.max(0, items.length - 1);
  let level = 0;
  let up = 0;
  let down = 0;
  for (const item of items) {
    up = Math.max(up, item.up - level);
    down = Math.max(down, level + item.drop, level + item.down);
    level += item.drop;
  }
  const draw = ({ x, y }: Place) => {
    let at = x;
    let height = y;
    const parts: string[] = [];
    for (const [i, item] of items.entries()) {
      if (i > 0) {
        parts.push(line(at, height, at + gap));
        at += gap;
      }
      parts.push(item.draw({ x: at, y: height }));
      at += item.width;
      height += item.drop;
    }
    return parts.join('');
  };
  return { width, up, down, drop: level, draw };
}

/** Rows below each other, the line going back to the left between them. */
export function stack(rows: readonly Shape[]): Shape {
  const [first] = rows;
  if (!first || rows.length === 1) return first ?? nothing;
  const width = Math.max(...rows.map((one) => one.width)) + 4 * radius;
  const tops: number[] = [0];
  for (const [i, one] of rows.entries()) {
    const next = rows[i + 1];
    if (next) tops.push((tops[i] ?? 0) + one.down + next.up + 2 * radius + rowGap);
  }
  const last = rows.length - 1;
  const lastTop = tops[last] ?? 0;
  const lastRow = rows[last] ?? nothing;
  const draw = ({ x, y }: Place) =>
    rows
      .map((one, i) => {
        const top = y + (tops[i] ?? 0);
        const from = i === 0 ? x : x + 2 * radius;
        const end = from + one.width;
        const out = top + one.drop;
        const drawn = one.draw({ x: from, y: top });
        if (i === last) return drawn + line(end, out, x + width);
        const turn = top + one.down + radius + rowGap / 2;
        const next = y + (tops[i + 1] ?? 0);
        const right = Math.max(end + 2 * radius, 0);
        return (
          drawn +
          path(
            `M${end} ${out}H${right - radius}a${radius} ${radius} 0 0 1 ${radius} ${radius}` +
              `V${turn - radius}a${radius} ${radius} 0 0 1 ${-radius} ${radius}` +
              `H${x + 2 * radius}a${radius} ${radius} 0 0 0 ${-radius} ${radius}` +
              `V${next - radius}a${radius} ${radius} 0 0 0 ${radius} ${radius}`,
          )
        );
      })
      .join('');
  return {
    width,
    up: first.up,
    down: lastTop + Math.max(lastRow.down, lastRow.drop),
    drop: lastTop + lastRow.drop,
    draw,
  };
}

/** Shapes to choose from, the first of them on the line. */
export function branches(items: readonly Shape[]): Shape {
  const [first] = items;
  if (!first) return nothing;
  const inner = Math.max(...items.map((item) => item.width));
  const width = inner + 4 * radius;
  const tops: number[] = [0];
  for (const [i, item] of items.entries()) {
    const next = items[i + 1];
    if (!next) continue;
    const top = (tops[i] ?? 0) + Math.max(item.down, item.drop) + next.up + rowGap;
    tops.push(i === 0 ? Math.max(top, first.drop + 2 * radius) : top);
  }
  const lastTop = tops.at(-1) ?? 0;
  const last = items.at(-1) ?? nothing;
  const draw = ({ x, y }: Place) => {
    const left = x + 2 * radius;
    const right = x + width;
    const exit = y + first.drop;
    return items
      .map((item, i) => {
        const top = y + (tops[i] ?? 0);
        const out = top + item.drop;
        const end = left + item.width;
        const drawn = item.draw({ x: left, y: top });
        if (i === 0) return line(x, y, left) + drawn + line(end, out, right);
        return (
          path(
            `M${x} ${y}a${radius} ${radius} 0 0 1 ${radius} ${radius}V${top - radius}` +
              `a${radius} ${radius} 0 0 0 ${radius} ${radius}`,
          ) +
          drawn +
          path(
            `M${end} ${out}H${right - 2 * radius}a${radius} ${radius} 0 0 0 ${radius} ${-radius}` +
              `V${exit + radius}a${radius} ${radius} 0 0 1 ${radius} ${-radius}`,
          )
        );
      })
      .join('');
  };
  return { width, up: first.up, down: lastTop + Math.max(last.down, last.drop), drop: first.drop, draw };
}

/** A shape that may be passed by; the way around it runs above. */
export function bypass(item: Shape): Shape {
  const width = item.width + 4 * radius;
  const rise = Math.max(item.up + rowGap, 2 * radius);
  const draw = ({ x, y }: Place) => {
    const end = x + width;
    const top = y - rise;
    const out = y + item.drop;
    const arc = `a${radius} ${radius} 0 0`;
    return (
      line(x, y, x + 2 * radius) +
      item.draw({ x: x + 2 * radius, y }) +
      line(end - 2 * radius, out, end) +
      path(
        `M${x} ${y}${arc} 0 ${radius} ${-radius}V${top + radius}${arc} 1 ${radius} ${-radius}` +
          `H${end - 2 * radius}${arc} 1 ${radius} ${radius}V${out - radius}${arc} 0 ${radius} ${radius}`,
      )
    );
  };
  return { width, up: rise, down: item.down, drop: item.drop, draw };
}

/** A shape that may come again; the way back runs below, through what stands between. */
export function loop(item: Shape, between: Shape): Shape {
  const inner = Math.max(item.width, between.width);
  const width = inner + 2 * radius;
  const depth = Math.max(item.down + rowGap + between.up, item.drop + 2 * radius);
  const draw = ({ x, y }: Place) => {
    const left = x + radius;
    const right = left + inner;
    const out = y + item.drop;
    const back = y + depth;
    const arc = `a${radius} ${radius} 0 0`;
    const start = left + (inner - between.width) / 2;
    return (
      line(x, y, left) +
      item.draw({ x: left, y }) +
      line(left + item.width, out, right + radius) +
      path(`M${right} ${out}${arc} 1 ${radius} ${radius}V${back - radius}${arc} 1 ${-radius} ${radius}`) +
      line(start + between.width, back, right) +
      between.draw({ x: start, y: back }) +
      line(left, back, start) +
      path(`M${left} ${back}${arc} 1 ${-radius} ${-radius}V${y + radius}${arc} 1 ${radius} ${-radius}`)
    );
  };
  return { width, up: item.up, down: depth + between.down, drop: item.drop, draw };
}
