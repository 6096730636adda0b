import { fail, type Span } from '@drops/diagnostics';
import type { AsOfPoint, Json, Query } from '@drops/ir';
import { keyEquality } from '@drops/planner';
import type { Found } from '@drops/store';
import { snapshotAt } from './as-of.js';
import type { ExecutionContext } from './context.js';
import { collectRelation } from './run-plan.js';
import { showDrop } from './row.js';

interface PointGet {
  readonly route: string;
  readonly key: string;
  readonly asOf: AsOfPoint | undefined;
}

/** The route and key of a plain `get R @k`; undefined for other ways to one drop, such as a get from a view. */
export function pointGetOf({ relation }: Query): PointGet | undefined {
  if (relation.kind !== 'Slice' || relation.input.kind !== 'Filter') return undefined;
  const { input: scan, predicate } = relation.input;
  if (scan.kind !== 'Scan' || scan.versions !== 'current' || scan.subtree) return undefined;
  const key = keyEquality(predicate);
  return key && { route: scan.route, key: key.key, asOf: scan.asOf };
}

function failMissing(what: string, span: Span): never {
  fail('NOT_FOUND', `nothing is stored at ${what}`, { span });
}

/** `get R @k` in one step: no operators, no batches. NOT_FOUND, or DELETED when the newest version is a tombstone. */
export function runGet(query: Query, context: ExecutionContext): Json | Promise<Json> {
  const point = pointGetOf(query);
  if (!point) return getFromRelation(query, context);
  const { route, key, asOf } = point;
  const snapshot = asOf ? snapshotAt(context.snapshot, asOf) : context.snapshot;
  const show = (found: Found): Json => {
    if (found === 'deleted') fail('DELETED', `${route} @${key} was removed`, { span: query.span });
    return found ? showDrop(found) : failMissing(`${route} @${key}`, query.span);
  };
  const found = snapshot.get(route, key);
  return found instanceof Promise ? found.then(show) : show(found);
}

async function getFromRelation(query: Query, context: ExecutionContext): Promise<Json> {
  const [row] = await collectRelation(query.relation, context);
  return row?.drop ? showDrop(row.drop) : failMissing('this key', query.span);
}
