import type { Relation } from '@drops/ir';

/** The relation of a get without its limit of one: a key finds one row at most. */
export function withoutLimit(relation: Relation): Relation {
  return relation.kind === 'Slice' && relation.single ? relation.input : relation;
}
