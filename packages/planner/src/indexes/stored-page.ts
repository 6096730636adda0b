import { conjuncts, type IndexScanPath } from '@drops/ir';
import type { PhysicalPlan } from '../physical-plan.js';
import { answeredTerms } from './index-terms.js';

/** A page of drops as they are stored: the first of what an index finds. */
export interface StoredPage {
  readonly path: IndexScanPath;
  readonly limit: number;
}

/** The page that a plan is, when an index answers its whole predicate and gives its order; undefined for other plans. */
export function storedPage(plan: PhysicalPlan): StoredPage | undefined {
  if (plan.kind !== 'PageRows' || plan.offset > 0) return undefined;
  const sliced = plan.input.kind === 'SliceRows' ? plan.input : undefined;
  // A slice in between looks as far as the page does.
  if (sliced && (sliced.offset > 0 || (sliced.limit ?? Infinity) <= plan.limit)) return undefined;
  const found = sliced?.input ?? plan.input;
  const access = found.kind === 'FilterRows' ? found.input : found;
  if (access.kind !== 'Access' || access.path.kind !== 'IndexScan' || access.asOf) return undefined;
  const { path } = access;
  if (found.kind === 'FilterRows') {
    const answered = answeredTerms(path, found.predicate);
    if (!conjuncts(found.predicate).every((term) => answered.includes(term))) return undefined;
  }
  return { path, limit: plan.limit };
}
