/** A piece of a rule as documents show it. `class` is a set of characters, as in a regular expression. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'class'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'optional'; readonly item: Node }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly least: 0 | 1;
      readonly separator?: Node;
    };

export const text = (value: string): Node => ({ kind: 'text', text: value });
export const characters = (value: string): Node => ({ kind: 'class', text: value });
export const name = (value: string): Node => ({ kind: 'name', name: value });
export const sequence = (...items: readonly Node[]): Node => ({ kind: 'sequence', items });
export const choice = (...items: readonly Node[]): Node => ({ kind: 'choice', items });
export const optional = (item: Node): Node => ({ kind: 'optional', item });
export const many = (item: Node): Node => ({ kind: 'repeat', item, least: 0 });
export const some = (item: Node): Node => ({ kind: 'repeat', item, least: 1 });

/** The nodes directly inside one. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'text':
    case 'class':
    case 'name':
      return [];
    case 'sequence':
    case 'choice':
      return node.items;
    case 'optional':
      return [node.item];
    case 'repeat':
      return node.separator ? [node.item, node.separator] : [node.item];
  }
}

/** The same node with each child replaced. */
export function mapChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case 'text':
    case 'class':
    case 'name':
      return node;
    case 'sequence':
    case 'choice':
      return { ...node, items: node.items.map(change) };
    case 'optional':
      return { ...node, item: change(node.item) };
    case 'repeat':
      return {
        ...node,
        item: change(node.item),
        ...(node.separator && { separator: change(node.separator) }),
      };
  }
}

/** Names in a node, in the order they stand there, as often as they stand there. */
export function namesIn(node: Node): readonly string[] {
  return node.kind === 'name' ? [node.name] : childrenOf(node).flatMap(namesIn);
}

/** Texts in a node, in the order they stand there. */
export function textsIn(node: Node): readonly string[] {
  return node.kind === 'text' ? [node.text] : childrenOf(node).flatMap(textsIn);
}

/** How many words, signs and names a node holds. */
export function sizeOf(node: Node): number {
  const children = childrenOf(node);
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + sizeOf(child), 0);
}

/** Whether two nodes say the same. */
export function isSame(a: Node, b: Node): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
