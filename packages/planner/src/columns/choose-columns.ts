import { costs, mostHeldGroups } from '../costs.js';
import { estimateRows, type PlanStatistics } from '../estimate.js';
import { indexCost } from '../indexes/filter-options.js';
import { isIndexPath } from '../indexes/index-terms.js';
import type { ColumnPlan, ColumnTable, PhysicalPlan } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import { columnNames, readsColumns, tableExpressions } from './column-fields.js';
import { tableUnder } from './column-table.js';

/** When columns stand for rows: where they are cheaper, wherever they can (tests compare answers), or never. */
export type ColumnUse = 'cheapest' | 'always' | 'never';

/** Smaller routes are read row by row: what columns cost in memory would buy little. */
const minRows = 2000;
/** Joining one row costs as much as some cells. */
const joinCells = 4;

/** What reading the rows of a plan costs, in rows of a scan. */
function readCost(plan: PhysicalPlan, statistics: PlanStatistics): number {
  switch (plan.kind) {
    case 'Access': {
      const { path } = plan;
      const rows = statistics.rows(path.route, false);
      return isIndexPath(path) ? indexCost(path, rows, statistics) : rows;
    }
    case 'FilterRows':
      return readCost(plan.input, statistics);
    case 'LookupJoin':
      return readCost(plan.left, statistics) + estimateRows(plan.left, statistics) * costs.fetchRow;
    case 'HashJoin':
      return readCost(plan.left, statistics) + readCost(plan.right, statistics);
    default:
      return 0;
  }
}

/** What reading the columns of a plan costs, before any row is fetched. */
function columnCost(plan: ColumnPlan, statistics: PlanStatistics): number {
  const { left, joined } = plan.table;
  const right = joined?.right.predicate ? statistics.rows(joined.right.route, false) : 0;
  const cells = columnNames(plan).length + 1 + (joined ? joinCells : 0);
  return (statistics.rows(left.route, false) * cells + right) * costs.cell;
}

/** The columns that could stand for a node, with the plan that gives its rows one by one. */
function columnPlan(
  plan: PhysicalPlan,
): { readonly columns: ColumnPlan; readonly input: PhysicalPlan } | undefined {
  const over = plan.kind === 'TopRows' || plan.kind === 'GroupRows' ? plan.input : plan;
  const table: ColumnTable | undefined = tableUnder(over, plan.kind === 'GroupRows');
  if (!table) return undefined;
  const columns: ColumnPlan =
    plan.kind === 'TopRows'
      ? { kind: 'ColumnTop', table, rows: plan, keys: plan.keys, count: plan.count }
      : plan.kind === 'GroupRows'
        ? { kind: 'ColumnGroup', table, rows: plan, by: plan.by, aggregates: plan.aggregates }
        : { kind: 'ColumnScan', table, rows: plan };
  const joined = table.joined !== undefined;
  return tableExpressions(columns).every((e) => readsColumns(e, joined))
    ? { columns, input: over }
    : undefined;
}

/** How many rows are fetched once the columns have told which. */
function fetchedRows(plan: ColumnPlan, wanted: number | undefined, statistics: PlanStatistics): number {
  if (plan.kind === 'ColumnGroup') return 0;
  const rows = Math.min(estimateRows(plan.rows, statistics), wanted ?? Infinity);
  return plan.table.joined ? 2 * rows : rows;
}

/** Replaces scans, sorts and groups by ones that read columns where those are cheaper; the rows and their order stay. */
export function chooseColumns(plan: PhysicalPlan, statistics: PlanStatistics, use: ColumnUse): PhysicalPlan {
  if (use === 'never' || !statistics.columns) return plan;

  const isCheaper = (columns: ColumnPlan, input: PhysicalPlan, wanted: number | undefined): boolean => {
    if (statistics.rows(columns.table.left.route, false) < minRows) return false;
    const streamed = columns.rows.kind === 'GroupRows' && columns.rows.streamed;
    const found = estimateRows(streamed ? columns.rows : input, statistics);
    if (streamed && found > mostHeldGroups) return false;
    const limit = columns.kind === 'ColumnScan' || streamed ? (wanted ?? Infinity) : Infinity;
    const rowCost = readCost(input, statistics) * Math.min(1, limit / Math.max(1, found));
    return (
      columnCost(columns, statistics) + fetchedRows(columns, wanted, statistics) * costs.fetchRow < rowCost
    );
  };

  const visit = (node: PhysicalPlan, wanted: number | undefined): PhysicalPlan => {
    const option = columnPlan(node);
    if (option && (use === 'always' || isCheaper(option.columns, option.input, wanted)))
      return option.columns;
    const limited = node.kind === 'SliceRows' || node.kind === 'PageRows';
    const below =
      limited && node.limit !== undefined
        ? node.offset + node.limit + 1
        : node.kind === 'ProjectRows'
          ? wanted
          : undefined;
    return mapInputs(node, (input) => visit(input, below));
  };
  return visit(plan, undefined);
}
