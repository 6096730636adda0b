import type { Surroundings } from '@drops/capabilities';
import type { QueryLimits } from '@drops/executor';
import type { SearchIndexes } from '@drops/search';
import type { Store } from '@drops/store';
import type { AccessCache, AccessSettings } from './access/records.js';
import type { AutomaticIndexes } from './automatic-indexes.js';
import type { KeyGenerations } from './key-generations.js';
import type { PreparedStatement } from './prepare.js';

/** What one open engine consists of; every door gets it. */
export interface Host {
  readonly store: Store;
  readonly access: AccessSettings;
  readonly accessCache: AccessCache;
  /** Text → statements ready to compile. */
  readonly prepare: (text: string) => readonly PreparedStatement[];
  /** Off: plans run as lowered, without optimiser rules. */
  readonly optimise: boolean;
  /** How indexes and columns are chosen; missing: where they are cheapest. */
  readonly paths: 'cheapest' | 'always' | 'never' | undefined;
  /** Makes the indexes that queries keep asking for. */
  readonly automaticIndexes: AutomaticIndexes;
  /** What the store can be searched by. */
  readonly search: SearchIndexes;
  /** What one statement may cost; undefined: whatever it takes. */
  readonly limits: QueryLimits | undefined;
  readonly publicUrl: string | undefined;
  /** What the handlers of capabilities work with. */
  readonly surroundings: Surroundings;
  readonly keyGenerations: KeyGenerations;
  /** Told of faults of ours; replies never show them. */
  readonly onFault: (fault: unknown) => void;
}
