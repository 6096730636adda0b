import type { Relation, RouteScanPath } from '@drops/ir';
import { remoteRelation, type PhysicalPlan, type RemoteRows, type RemoteStore } from '@drops/planner';
import type { Snapshot, SnapshotSql, StateSelect } from '@drops/store';
import { storedPayload, storedSelect } from '@drops/translate';

/** What a store is asked for a part of a plan. */
export interface RemotePart {
  readonly sql: SnapshotSql;
  readonly path: RouteScanPath;
  readonly select: StateSelect;
}

/** The first rows of a sort are held here and there: more than these are sorted here. */
const mostFirst = 20_001;

/** The one route that a relation is over. */
function routeOf(relation: Relation): string | undefined {
  switch (relation.kind) {
    case 'Scan':
      return relation.route;
    case 'Filter':
    case 'Sort':
    case 'Slice':
    case 'Group':
      return routeOf(relation.input);
    default:
      return undefined;
  }
}

function selectOf(relation: Relation): StateSelect | undefined {
  if (relation.kind === 'Slice' && !(typeof relation.limit === 'number' && relation.limit <= mostFirst))
    return undefined;
  return storedSelect(relation);
}

/** What a snapshot does by itself, as the planner asks it; missing where it speaks no SQL. */
export function remoteStoreOf({ sql, indexes }: Snapshot): RemoteStore | undefined {
  if (!sql) return undefined;
  return {
    says(relation) {
      const route = routeOf(relation);
      return route !== undefined && sql.takes(route) && selectOf(relation) !== undefined;
    },
    isIndexed: (route, path) =>
      indexes(route).some(({ fields }) =>
        fields.some((field) => JSON.stringify(field) === JSON.stringify(path)),
      ),
  };
}

function scanUnder(plan: PhysicalPlan): RouteScanPath | undefined {
  switch (plan.kind) {
    case 'Access':
      return plan.path.kind === 'RouteScan' ? plan.path : undefined;
    case 'FilterRows':
    case 'TopRows':
    case 'GroupRows':
      return scanUnder(plan.input);
    default:
      return undefined;
  }
}

/**
 * What the store is asked for a part of a plan, its values put in. Nothing where it does not say it with these values, or where the caller
 * sees the store through rules that SQL knows nothing of.
 */
export function remotePart({ rows, fields }: RemoteRows, { sql }: Snapshot): RemotePart | undefined {
  const relation = sql && remoteRelation(rows);
  const path = relation && scanUnder(rows);
  if (!path || !sql.takes(path.route)) return undefined;
  const select = selectOf(relation);
  if (!select) return undefined;
  const payload = fields && storedPayload(fields);
  return { sql, path, select: payload === undefined ? select : { ...select, payload } };
}
