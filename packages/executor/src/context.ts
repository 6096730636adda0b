import type { Json } from '@drops/ir';
import type { SearchIndexes } from '@drops/search';
import type { Snapshot, Store } from '@drops/store';
import type { ColumnUse, IndexUse, MissingIndex, Rule } from '@drops/planner';
import type { Visible } from './operators/access.js';
import type { QueryBudget } from './budget.js';
import type { Pace } from './pacer.js';
import type { QueryTemplate } from './query-template.js';

export interface Limits {
  /** Most rows of a query that names no limit. Default 10,000. */
  readonly rows?: number;
}

/** What a plan is run with: the state it reads, who writes, what it may cost. */
export interface ExecutionContext extends Pace {
  /** Where new states come from, and where every write goes. */
  readonly store: Pick<Store, 'snapshot' | 'commit'>;
  /** What the store can be searched by; missing: no search. */
  readonly search?: SearchIndexes | undefined;
  /** The vector that came beside the statement. */
  readonly vector?: Json | undefined;
  /** The state that is read; the caller releases it. */
  readonly snapshot: Snapshot;
  /** The key of the writer; null: the embedding program itself. */
  readonly writer: string | null;
  /** As whom: definitions of others are changed by administrators alone. Missing: the embedding program, or the key of the writer. */
  readonly standing?: 'anonymous' | 'key' | 'administrator' | undefined;
  /** Which routes may be read; missing: all of them. */
  readonly visible?: Visible | undefined;
  /** Whether the writer may hear what stands on a route: of others a counter does not tell its value. Missing: always. */
  readonly tells?: Visible | undefined;
  readonly limits?: Limits | undefined;
  /** What the statement may cost and has used; missing: no limit. */
  readonly budget?: QueryBudget | undefined;
  /** Optimiser rules: all (default), none, or a list. */
  readonly rules?: boolean | readonly Rule[] | undefined;
  /** How indexes are chosen. */
  readonly indexes?: IndexUse | undefined;
  /** When routes are read by columns. */
  readonly columns?: ColumnUse | undefined;
  /** Where the values of the query come from that is run, if it has parameters. */
  readonly template?: QueryTemplate | undefined;
  /** Told of every run of a query over a route of so many rows that an index would have helped. */
  readonly onMissingIndex?: ((index: MissingIndex, rows: number) => void) | undefined;
}

/** Most rows of a query that names no limit. */
export function rowCap(context: ExecutionContext): number {
  return context.limits?.rows ?? 10_000;
}
