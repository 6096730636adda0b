import type { ColumnRef, Node } from '@pgsql/types';

/** A part of PostgreSQL's tree of one kind. */
export type Part<K extends string> = Extract<Node, { readonly [Name in K]: unknown }>;

/** Narrows a part by its only member. */
export function isPart<K extends string>(part: object, kind: K): part is Part<K> {
  return kind in part;
}

/** Shows every object of a tree, outermost first; what is below one is left out when `see` answers false. */
export function walkTree(tree: unknown, see: (part: object) => boolean): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (!see(tree)) return;
  for (const part of Object.values(tree)) walkTree(part, see);
}

/** The columns that a tree names, those of its sub-selects too. */
export function columnRefsIn(tree: unknown): readonly ColumnRef[] {
  const found: ColumnRef[] = [];
  walkTree(tree, (part) => {
    if (isPart(part, 'ColumnRef')) found.push(part.ColumnRef);
    return true;
  });
  return found;
}
