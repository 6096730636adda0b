import type { Relation } from '@drops/ir';
import { lowerRelation, type LowerOptions } from './lower.js';
import { optimise, type OptimiseOptions } from './optimise.js';
import type { PhysicalPlan } from './physical-plan.js';

/** The plan of a bound relation: lowered as written, then made cheaper by the rules. */
export function planQuery(relation: Relation, options: OptimiseOptions & LowerOptions = {}): PhysicalPlan {
  return optimise(lowerRelation(relation, options), options);
}
