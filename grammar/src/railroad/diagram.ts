import type { Node } from '../document/nodes.js';
import { box, branches, bypass, loop, nothing, radius, row, stack, type Shape } from './shapes.js';

const widest = 820;

/** Items on one line, or on several where one is too narrow. */
function wrapped(items: readonly Shape[]): Shape {
  const whole = row(items);
  if (whole.width <= widest) return whole;
  const rows: Shape[][] = [];
  let current: Shape[] = [];
  for (const item of items) {
    if (current.length > 0 && row([...current, item]).width > widest) {
      rows.push(current);
      current = [];
    }
    current.push(item);
  }
  rows.push(current);
  return stack(rows.map(row));
}

function shapeOf(node: Node): Shape {
  switch (node.kind) {
    case 'text':
      return box(node.text, 'word');
    case 'class':
      return box(node.text, 'set');
    case 'name':
      return box(node.name, 'rule');
    case 'sequence':
      return wrapped(node.items.map(shapeOf));
    case 'choice':
      return branches(node.items.map(shapeOf));
    case 'optional':
      return bypass(shapeOf(node.item));
    case 'repeat': {
      const repeated = loop(shapeOf(node.item), node.separator ? shapeOf(node.separator) : nothing);
      return node.least === 0 ? bypass(repeated) : repeated;
    }
  }
}

const margin = 6;
const lead = 24;

/** The railroad diagram of a rule, as SVG without styles of its own. */
export function diagramOf(name: string, node: Node): string {
  const shape = shapeOf(node);
  const y = margin + Math.max(shape.up, radius);
  const end = margin + lead + shape.width;
  const out = y + shape.drop;
  const width = Math.ceil(end + lead + margin);
  const height = Math.ceil(y + Math.max(shape.down, shape.drop, radius) + margin);
  const stops =
    `<circle class="stop" cx="${margin + 4}" cy="${y}" r="4"/>` +
    `<circle class="stop" cx="${end + lead - 4}" cy="${out}" r="4"/>`;
  const rails = `<path d="M${margin + 4} ${y}H${margin + lead}"/><path d="M${end} ${out}H${end + lead - 4}"/>`;
  return (
    `<svg role="img" aria-label="syntax of ${name}" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}">${rails}${shape.draw({ x: margin + lead, y })}${stops}</svg>`
  );
}
