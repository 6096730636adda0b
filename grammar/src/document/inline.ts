import { childrenOf, mapChildren, namesIn, sizeOf, type Node } from './nodes.js';
import { simplify } from './simplify.js';

const smallChoice = 3;
const smallRule = 5;

/** Names as often as they are written: what repeats with a separator is written twice. */
function writtenNames(node: Node): readonly string[] {
  if (node.kind === 'name') return [node.name];
  const names = childrenOf(node).flatMap(writtenNames);
  return node.kind === 'repeat' && node.separator ? [...names, ...writtenNames(node.item)] : names;
}

function countUses(rules: ReadonlyMap<string, Node>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const node of rules.values())
    for (const used of writtenNames(node)) uses.set(used, (uses.get(used) ?? 0) + 1);
  return uses;
}

function isTrivial(node: Node, uses: number): boolean {
  if (node.kind === 'text' || node.kind === 'name') return true;
  if (node.kind === 'choice' && node.items.every((item) => item.kind === 'text'))
    return node.items.length <= smallChoice || (uses === 1 && node.items.length <= smallRule + 1);
  return uses === 1 && sizeOf(node) <= smallRule;
}

function replaceName(node: Node, wanted: string, by: Node): Node {
  if (node.kind === 'name' && node.name === wanted) return by;
  return mapChildren(node, (child) => replaceName(child, wanted, by));
}

/**
 * Writes trivial rules out where they are used: single words, short lists of words, and what is short and used
 * once. Rules in `kept` stay whatever they are; what nothing refers to any more is left out.
 */
export function inlineTrivial(
  rules: ReadonlyMap<string, Node>,
  kept: ReadonlySet<string>,
): ReadonlyMap<string, Node> {
  let current = new Map(rules);
  for (;;) {
    const uses = countUses(current);
    const found = [...current].find(
      ([rule, node]) =>
        !kept.has(rule) &&
        (!uses.has(rule) || (!namesIn(node).includes(rule) && isTrivial(node, uses.get(rule) ?? 0))),
    );
    if (!found) return current;
    const [rule, by] = found;
    current.delete(rule);
    current = new Map(
      [...current].map(([other, node]) => [
        other,
        namesIn(node).includes(rule) ? simplify(replaceName(node, rule, by)) : node,
      ]),
    );
  }
}
