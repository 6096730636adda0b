import { isSame, mapChildren, type Node } from './nodes.js';

/** `a ( "," a )*` is a repetition with a separator: one loop in a diagram. */
function foldSeparated(items: readonly Node[]): readonly Node[] {
  const folded: Node[] = [];
  for (const node of items) {
    const before = folded.at(-1);
    if (before && node.kind === 'repeat' && node.least === 0 && !node.separator) {
      const parts = node.item.kind === 'sequence' ? node.item.items : [];
      const [separator, item] = parts;
      if (separator && item && parts.length === 2 && isSame(item, before)) {
        folded[folded.length - 1] = { kind: 'repeat', least: 1, item: before, separator };
        continue;
      }
    }
    folded.push(node);
  }
  return folded;
}

function unwrap(kind: 'sequence' | 'choice', items: readonly Node[]): Node {
  const [only] = items;
  return only && items.length === 1 ? only : { kind, items };
}

function withoutDoubles(items: readonly Node[]): readonly Node[] {
  return items.filter((node, i) => items.findIndex((other) => isSame(node, other)) === i);
}

/** The same language with fewer brackets: nested sequences and choices become one. */
export function simplify(node: Node): Node {
  const inner = mapChildren(node, simplify);
  switch (inner.kind) {
    case 'sequence': {
      const items = inner.items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item]));
      return unwrap('sequence', foldSeparated(items));
    }
    case 'choice': {
      const items = inner.items.flatMap((item) => (item.kind === 'choice' ? item.items : [item]));
      return unwrap('choice', withoutDoubles(items));
    }
    case 'optional': {
      const { item } = inner;
      if (item.kind === 'repeat') return { ...item, least: 0 };
      return item.kind === 'optional' ? item : inner;
    }
    default:
      return inner;
  }
}
