import type { GroupColumn, Relation, RouteScanPath } from '@drops/ir';
import type { Access, FilterRows, GroupRows, PhysicalPlan } from '@drops/planner';
import type { Snapshot, StateSelect } from '@drops/store';
import { storedRowsSql } from '@drops/translate';

/** The part of a plan that a store does by itself, as SQL. */
export interface RemotePlan {
  readonly path: RouteScanPath;
  readonly select: StateSelect;
}

const nowhere = { start: 0, end: 0 } as const;

type RouteAccess = Access & { readonly path: RouteScanPath };

/** A scan of one route as it is, which the store sees as SQL does. */
function routeAccess(plan: PhysicalPlan, snapshot: Snapshot): RouteAccess | undefined {
  if (plan.kind !== 'Access' || plan.path.kind !== 'RouteScan' || plan.path.subtree || plan.asOf)
    return undefined;
  return snapshot.sql?.takes(plan.path.route) ? { ...plan, path: plan.path } : undefined;
}

function scanOf({ path: { route, rows } }: RouteAccess): Relation {
  return { kind: 'Scan', route, subtree: false, versions: 'current', rows, span: nowhere };
}

function remotePlan({ path }: RouteAccess, relation: Relation): RemotePlan | undefined {
  const select = storedRowsSql(relation);
  return select && { path, select };
}

/** A filter right over a scan: the rows that the store sends are fewer, and are checked again. */
export function remoteFilter(plan: FilterRows, snapshot: Snapshot): RemotePlan | undefined {
  const access = routeAccess(plan.input, snapshot);
  return (
    access &&
    remotePlan(access, { kind: 'Filter', input: scanOf(access), predicate: plan.predicate, span: nowhere })
  );
}

const isPlainField = ({ expression }: GroupColumn): boolean => expression.kind === 'Field';

/** Counts of groups over a scan or over a filter right above one. */
export function remoteCount(plan: GroupRows, snapshot: Snapshot): RemotePlan | undefined {
  if (!plan.aggregates.every(({ fn, argument }) => fn === 'count' && argument === undefined))
    return undefined;
  if (plan.by?.every(isPlainField) === false) return undefined;
  const { input } = plan;
  const access = routeAccess(input.kind === 'FilterRows' ? input.input : input, snapshot);
  // A count goes on from no place.
  if (!access || access.path.after) return undefined;
  const scan = scanOf(access);
  const rows: Relation =
    input.kind === 'FilterRows'
      ? { kind: 'Filter', input: scan, predicate: input.predicate, span: nowhere }
      : scan;
  return remotePlan(access, {
    kind: 'Group',
    input: rows,
    by: plan.by,
    aggregates: plan.aggregates,
    span: nowhere,
  });
}

/** What of a node a store does by itself, if anything. */
export function remoteOf(plan: PhysicalPlan, snapshot: Snapshot): RemotePlan | undefined {
  if (!snapshot.sql) return undefined;
  if (plan.kind === 'FilterRows') return remoteFilter(plan, snapshot);
  return plan.kind === 'GroupRows' ? remoteCount(plan, snapshot) : undefined;
}
