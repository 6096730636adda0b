import type { Expression, IndexOrder, IndexPath, IndexScanPath } from '@drops/ir';
import type { UsableIndex } from '../estimate.js';
import type { Access, PhysicalPlan } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import type { IndexMatch } from './index-terms.js';

/** A scan of a route with what stands over it before its rows are used. */
export interface Leaf {
  readonly access: Access;
  readonly predicate: Expression | undefined;
  /** A cursor's place is looked for among the rows: they are read from the first. */
  readonly resumes: boolean;
}

/** The scan of a route under filters and a cursor's place: what an index may stand for. */
export function leafUnder(plan: PhysicalPlan): Leaf | undefined {
  switch (plan.kind) {
    case 'Access': {
      const { path, asOf } = plan;
      const plain = path.kind === 'RouteScan' && !path.subtree && !path.after && !asOf;
      return plain ? { access: plan, predicate: undefined, resumes: false } : undefined;
    }
    case 'FilterRows': {
      const leaf = leafUnder(plan.input);
      return leaf && !leaf.predicate ? { ...leaf, predicate: plan.predicate } : undefined;
    }
    case 'ResumeRows': {
      const leaf = leafUnder(plan.input);
      return leaf && { ...leaf, resumes: true };
    }
    default:
      return undefined;
  }
}

/** The plan with another access path at its leaf. */
export function replaceAccess(plan: PhysicalPlan, path: IndexPath): PhysicalPlan {
  return plan.kind === 'Access' ? { ...plan, path } : mapInputs(plan, (input) => replaceAccess(input, path));
}

/** The scan of an index that gives what a scan of its route would. */
export function scanPath(
  leaf: Leaf,
  index: UsableIndex,
  match: IndexMatch,
  order: IndexOrder,
): IndexScanPath | undefined {
  const { path } = leaf.access;
  if (path.kind !== 'RouteScan') return undefined;
  return {
    kind: 'IndexScan',
    route: path.route,
    index: index.id,
    fields: index.fields,
    equal: match.equal,
    ...(match.next && { next: match.next }),
    ...(match.slots && { slots: match.slots }),
    order,
    rows: path.rows,
  };
}
