import type { AsOfPoint, ParameterValues, Relation } from '@drops/ir';
import type { PhysicalPlan } from '@drops/planner';
import type { Snapshot } from '@drops/store';
import { snapshotAt } from './as-of.js';
import { unlimited, type QueryBudget } from './budget.js';
import type { ExecutionContext } from './context.js';
import type { ExpressionContext } from './expressions/compile.js';
import type { ValueSet } from './expressions/value-set.js';
import type { Visible } from './operators/access.js';
import type { Meter } from './operators/metered.js';
import type { PageState } from './operators/page.js';
import { createPacer, type Pacer } from './pacer.js';
import type { SearchState } from './search/search-state.js';

/** One run of one plan: what its operators share. */
export interface Run {
  readonly pacer: Pacer;
  /** What the statement may hold and read. */
  readonly budget: QueryBudget;
  readonly expressions: ExpressionContext;
  readonly visible: Visible | undefined;
  /** The state at a point in the past, or the one of the statement. */
  readonly at: (point: AsOfPoint | undefined) => Snapshot;
  readonly page: PageState;
  readonly search: SearchState;
  /** `explain analyze`: what each node did. */
  readonly meters: Map<PhysicalPlan, Meter> | undefined;
}

/** A run over the snapshot of a statement, with the answers of its sub-queries and the values of its parameters. */
export function createRun(
  context: ExecutionContext,
  answers: ReadonlyMap<Relation, ValueSet>,
  values?: ParameterValues,
  meters?: Map<PhysicalPlan, Meter>,
): Run {
  const { snapshot } = context;
  return {
    pacer: createPacer(context),
    budget: context.budget ?? unlimited,
    expressions: { now: snapshot.now, answers, values },
    visible: context.visible,
    at: (point) => (point ? snapshotAt(snapshot, point) : snapshot),
    page: { hasMore: false, last: null },
    search: { indexes: context.search, vector: context.vector, report: undefined },
    meters,
  };
}
