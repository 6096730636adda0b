import type { Path } from './values/path.js';
import type { Permission } from './values/permissions.js';

/** What is done to a route. The read actions and `drop` are the permissions of access lists. */
export type EffectAction = Permission | 'define' | 'access' | 'execute' | 'inspect' | `invoke:${string}`;

/** One thing a plan does, as far as the text tells. The gate decides on these, and on nothing else. */
export interface Effect {
  readonly action: EffectAction;
  /** null: no one route (all readable routes, a service without one, SQL text). */
  readonly route: string | null;
  /** The routes below it too. */
  readonly subtree: boolean;
  /** Payload fields and system columns that are read (as paths); `*` for whole drops. Empty for pure writes. */
  readonly fields: readonly Path[] | '*';
  /** Changes stored state, or acts outside. */
  readonly writes: boolean;
  /** Removes what is there. */
  readonly removes: boolean;
  /**
   * The statement is about this route: it is refused where that may not be read. Of a route that is only read for its
   * sake (joined, in a query in the query, behind a view) what may not be read is left out.
   */
  readonly direct: boolean;
}
