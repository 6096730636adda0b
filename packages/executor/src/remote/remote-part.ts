import { rewriteRelation, type Relation, type RouteScanPath } from '@drops/ir';
import { remoteRelation, type PhysicalPlan, type RemoteRows, type RemoteStore } from '@drops/planner';
import type { Snapshot, SnapshotSql, StateSelect } from '@drops/store';
import { storedPayload, storedSelect } from '@drops/translate';

/** What a store is asked for a part of a plan. */
export interface RemotePart {
  readonly sql: SnapshotSql;
  readonly path: RouteScanPath;
  readonly select: StateSelect;
}

/** First rows and pairs are held here and there: more than these are sorted and found here. */
export const mostFirst = 20_001;

/** The scans that a relation is over: of a route, or of two that are joined. */
function scansOf(relation: Relation): readonly RouteScanPath[] {
  switch (relation.kind) {
    case 'Scan': {
      const { route, rows, subtree } = relation;
      return [{ kind: 'RouteScan', route, subtree, rows }];
    }
    case 'Filter':
    case 'Sort':
    case 'Slice':
    case 'Group':
      return scansOf(relation.input);
    case 'Join':
      return [...scansOf(relation.left), ...scansOf(relation.right)];
    default:
      return [];
  }
}

/** The relation with the clock of the statement as a text. */
function atTime(relation: Relation, now: number): Relation {
  return rewriteRelation(relation, {
    expression: (node) =>
      node.kind === 'Fn' && node.name === 'now'
        ? { kind: 'Lit', value: new Date(now).toISOString(), span: node.span }
        : node,
  });
}

function selectOf(relation: Relation, { now, statistics }: Snapshot): StateSelect | undefined {
  if (relation.kind === 'Slice' && !(typeof relation.limit === 'number' && relation.limit <= mostFirst))
    return undefined;
  const [left = 0, right = 0] = scansOf(relation).map(({ route }) => {
    const { entities, events } = statistics(route);
    return entities + events;
  });
  return storedSelect(atTime(relation, now), { left, right });
}

/** Whether SQL sees all drops of a scan as they are. */
function takes({ route, subtree }: RouteScanPath, { sql, routes }: Snapshot): boolean {
  return (subtree ? routes(route) : [route]).every((one) => sql?.takes(one) === true);
}

/** What a snapshot does by itself, as the planner asks it; missing where it speaks no SQL. */
export function remoteStoreOf(snapshot: Snapshot): RemoteStore | undefined {
  const { sql, indexes } = snapshot;
  if (!sql) return undefined;
  return {
    says(relation) {
      const scans = scansOf(relation);
      return (
        scans.length > 0 &&
        scans.every((scan) => takes(scan, snapshot)) &&
        selectOf(relation, snapshot) !== undefined
      );
    },
    isIndexed: (route, path) =>
      indexes(route).some(({ fields }) =>
        fields.some((field) => JSON.stringify(field) === JSON.stringify(path)),
      ),
  };
}

/** Where rows that the store chooses go on. */
function placeOf(plan: PhysicalPlan): Pick<RouteScanPath, 'after'> {
  if (plan.kind === 'FilterRows') return placeOf(plan.input);
  const after = plan.kind === 'Access' && plan.path.kind === 'RouteScan' ? plan.path.after : undefined;
  return after ? { after } : {};
}

/** The first of some rows in their own order. */
const firstOf = (input: Relation, limit: number): Relation => ({
  kind: 'Slice',
  input,
  offset: 0,
  limit,
  single: false,
  paged: false,
  span: input.span,
});

/**
 * What the store is asked for a part of a plan, its values put in. Nothing where it does not say it with these values, or where the caller
 * sees the store through rules that SQL knows nothing of. `first`: no more of its rows than these are wanted.
 */
export function remotePart(
  { rows, fields }: RemoteRows,
  snapshot: Snapshot,
  first?: number,
): RemotePart | undefined {
  const { sql } = snapshot;
  const relation = sql && remoteRelation(rows);
  const [path, joined] = relation ? scansOf(relation) : [];
  if (!relation || !path || ![path, joined].every((scan) => !scan || takes(scan, snapshot))) return undefined;
  const select = selectOf(first === undefined ? relation : firstOf(relation, first), snapshot);
  if (!select) return undefined;
  const payload = fields && storedPayload(fields);
  return { sql, path: { ...path, ...placeOf(rows) }, select: { ...select, payload, joined } };
}
