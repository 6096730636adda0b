import type { Catalog } from '@drops/analyzer';
import { capabilityOf } from '@drops/capabilities';
import { readViewRecord } from '@drops/executor';
import type { Definitions } from '@drops/store';

/** What the names of a statement mean at one epoch of the store. */
export function catalogOf(definitions: Definitions): Catalog {
  return {
    view: (name) => {
      const record = definitions.views.get(name);
      return record === undefined ? undefined : readViewRecord(record);
    },
    pattern: (name) => definitions.patterns.get(name),
    capability: capabilityOf,
  };
}
