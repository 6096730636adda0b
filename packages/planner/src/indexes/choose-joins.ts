import type { Field, IndexScanPath } from '@drops/ir';
import { costs } from '../costs.js';
import { estimateRows, matchesOf, type PlanStatistics } from '../estimate.js';
import type { HashJoin, PhysicalPlan } from '../physical-plan.js';
import { samePath } from './index-terms.js';
import type { IndexUse } from './index-use.js';

/** On the right of a condition a field looks into the record that is joined: `key` is no field of its payload. */
const isKey = ({ path }: Field): boolean => path.length === 1 && path[0] === 'key';

interface Lookup {
  readonly path: IndexScanPath;
  readonly pair: number;
}

/** The index of the right route over a field of the condition, the one with the fewest fields. */
function lookupOf({ right, on }: HashJoin, statistics: PlanStatistics): Lookup | undefined {
  if (right.kind !== 'Access' || right.asOf || right.path.kind !== 'RouteScan') return undefined;
  const { route, subtree, after, rows } = right.path;
  if (subtree || after) return undefined;
  let found: Lookup | undefined;
  for (const { id, fields } of statistics.indexes?.(route) ?? []) {
    const [first] = fields;
    const pair = on.findIndex((p) => !isKey(p.right) && first && samePath(p.right.path, first));
    if (pair < 0 || (found && found.path.fields.length <= fields.length)) continue;
    const order = { kind: 'natural' } as const;
    found = { path: { kind: 'IndexScan', route, index: id, fields, equal: [], order, rows }, pair };
  }
  return found;
}

/** The cheapest way of a join whose left side gives about `leftRows` rows that are read. */
export function chooseJoin(
  plan: HashJoin,
  leftRows: number,
  statistics: PlanStatistics,
  use: IndexUse,
): PhysicalPlan {
  const rightRows = estimateRows(plan.right, statistics);
  const allLeft = estimateRows(plan.left, statistics);
  const lookup = lookupOf(plan, statistics);
  const matches = matchesOf(plan, statistics);
  const byIndex = leftRows * (costs.indexLookup + matches * (costs.fetchRow + costs.entry));
  const byHash = rightRows * (costs.scanRow + costs.hashBuild) + leftRows * costs.hashProbe;
  if (lookup && (use === 'always' || byIndex < byHash)) {
    return { ...plan, kind: 'IndexLookupJoin', path: lookup.path, pair: lookup.pair };
  }
  // The left side is then read to its end before the first row leaves.
  const fewer = leftRows === allLeft && 2 * allLeft < rightRows;
  return fewer ? { ...plan, build: 'left' } : plan;
}
