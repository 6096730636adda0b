import type { CapabilitySignature, Pattern, Relation } from '@drops/ir';

/** What the names in a statement may mean: handed in as data, so that lowering needs no store. */
export interface Catalog {
  /** The relation of a view, as it was defined. */
  readonly view: (name: string) => Relation | undefined;
  /** The pattern of a route or of this name. */
  readonly pattern: (name: string) => Pattern | undefined;
  readonly capability: (service: string, verb: string) => CapabilitySignature | undefined;
  /** True when the route ever held a drop; missing: not known. */
  readonly knownRoute?: (name: string) => boolean;
}

/** A catalog that knows no name: what `compile` without a store uses. */
export const emptyCatalog: Catalog = {
  view: () => undefined,
  pattern: () => undefined,
  capability: () => undefined,
};
