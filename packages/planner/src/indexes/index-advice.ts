import { pathText, type Path } from '@drops/ir';
import type { PlanStatistics } from '../estimate.js';
import type { FilterRows, PhysicalPlan } from '../physical-plan.js';
import { indexTerms, matchIndex, samePath, type IndexTerm } from './index-terms.js';

/** The fields that an index for these terms would have: one compared for equality first, then one more. */
function wantedFields(terms: readonly IndexTerm[]): readonly Path[] {
  const equal = terms.find((t) => t.kind === 'equal');
  const other = terms.find((t) => t !== equal && (!equal || !samePath(t.path, equal.path)));
  return [equal, other].flatMap((t) => (t ? [t.path] : [])).slice(0, equal ? 1 : undefined);
}

function adviceOn({ input, predicate }: FilterRows, statistics: PlanStatistics): string | undefined {
  const terms = indexTerms(predicate);
  if (input.kind !== 'Access' || input.path.kind !== 'RouteScan' || terms.length === 0) return undefined;
  const { route, subtree } = input.path;
  if (input.asOf) return 'no index is used: indexes know the current state only';
  if (subtree) return 'no index is used: an index belongs to one route';
  const fitting = statistics.indexes?.(route).find(({ fields }) => matchIndex(fields, terms).used.length > 0);
  if (fitting) {
    return `the index on ${route}.${fitting.fields.map(pathText).join(', ')} is not used: a scan is cheaper`;
  }
  const fields = wantedFields(terms).map(pathText).join(', ');
  return `no index on ${route}.${fields}: define ${route} index ${fields}`;
}

/** Why a filter reads a whole route although an index could answer it, and which one would help. */
export function indexAdvice(plan: PhysicalPlan, statistics: PlanStatistics): string | undefined {
  return plan.kind === 'FilterRows' && statistics.indexes ? adviceOn(plan, statistics) : undefined;
}
