import { equalValues, type Json } from '@drops/ir';

/** Membership by `=`: null and missing are one value. */
export interface ValueSet {
  has(value: Json | undefined): boolean;
}

/** The set of some values: scalars by hash, arrays and objects one by one. */
export function valueSet(values: Iterable<Json | undefined>): ValueSet {
  const scalars = new Set<Json>();
  const others: Json[] = [];
  for (const value of values) {
    if (typeof value === 'object' && value !== null) others.push(value);
    else scalars.add(value ?? null);
  }
  return {
    has(value) {
      if (typeof value === 'object' && value !== null)
        return others.some((other) => equalValues(other, value));
      return scalars.has(value ?? null);
    },
  };
}
