import type { Relation } from '@drops/ir';
import { planQuery, type LowerOptions, type PhysicalPlan } from '@drops/planner';
import type { ExecutionContext } from './context.js';
import { decodeCursor } from './cursor.js';
import { statisticsOf } from './statistics.js';

/** The plan of a bound relation over the snapshot of a statement. INVALID_CURSOR for a bad `after`. */
export function planRelation(
  relation: Relation,
  context: ExecutionContext,
  options: LowerOptions = {},
): PhysicalPlan {
  return planQuery(relation, {
    resume: decodeCursor,
    ...options,
    rules: context.rules,
    indexes: context.indexes,
    columns: context.columns,
    statistics: statisticsOf(context),
  });
}
