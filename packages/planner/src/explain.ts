import { assertNever } from '@drops/diagnostics';
import {
  argumentText,
  expressionText,
  pathText,
  sortKeyText,
  type AccessPath,
  type AggregateColumn,
  type AsOfPoint,
  type Expression,
  type IndexCondition,
  type IndexScanPath,
  type Json,
} from '@drops/ir';
import { columnNames, isColumnPlan } from './columns/column-fields.js';
import { estimateRows, type PlanStatistics } from './estimate.js';
import { indexAdvice } from './indexes/index-advice.js';
import type {
  ColumnGroup,
  ColumnPlan,
  GroupRows,
  JoinPair,
  PhysicalPlan,
  RowOrder,
  SearchRows,
} from './physical-plan.js';
import { inputsOf } from './plan-tree.js';

/** What was measured of a node while it ran. */
export interface NodeActuals {
  readonly rows: number;
  readonly ms: number;
  /** Keys of the store that were read, and bytes of keys and values. */
  readonly keys: number;
  readonly bytes: number;
}

/** A node as `explain` shows it (contract: explain). */
export interface ExplainNode {
  readonly op: string;
  readonly detail: { readonly [name: string]: Json };
  /** Why no index is used, and which one would help. */
  readonly advice?: string | undefined;
  readonly rowsEstimated: number;
  readonly actuals?: NodeActuals | undefined;
  readonly children: readonly ExplainNode[];
}

type Detail = { readonly [name: string]: Json };

function asOfDetail(asOf: AsOfPoint | undefined): Detail {
  if (!asOf) return {};
  return { as_of: asOf.kind === 'Time' ? argumentText(asOf.at) : `tx ${argumentText(asOf.tx)}` };
}

function pathDetail(path: AccessPath): Detail {
  const route =
    (path.kind === 'RouteScan' || path.kind === 'HistoryScan') && path.subtree
      ? `${path.route}/*`
      : path.route;
  switch (path.kind) {
    case 'Get':
      return { route, key: path.key };
    case 'MultiGet':
      return { route, keys: path.keys };
    case 'RouteScan':
      return {
        route,
        ...(path.rows === 'entities' && { rows: path.rows }),
        ...(path.after && { after: { ...path.after } }),
      };
    case 'IndexScan':
      return { route, ...indexDetail(path) };
    case 'IndexIntersection':
    case 'IndexUnion':
      return { route, indexes: path.scans.map(indexDetail) };
    case 'HistoryScan':
      return {
        route,
        ...(path.key !== undefined && { key: path.key }),
        ...(path.newestFirst && { order: 'newest first' }),
      };
    default:
      return assertNever(path);
  }
}

function conditionText(condition: IndexCondition): string {
  switch (condition.kind) {
    case 'prefix':
      return `starts with ${JSON.stringify(condition.text)}`;
    case 'in':
      return `in ${JSON.stringify(condition.values)}`;
    case 'range': {
      const { lower, upper } = condition;
      const low = lower && `${lower.inclusive ? '>=' : '>'} ${JSON.stringify(lower.value)}`;
      const high = upper && `${upper.inclusive ? '<=' : '<'} ${JSON.stringify(upper.value)}`;
      return [low, high].filter((text) => text !== undefined).join(' and ');
    }
  }
}

function indexDetail({ equal, next, order, fields }: IndexScanPath): Detail {
  const sorted = order.kind === 'natural' ? [] : fields.slice(equal.length, equal.length + order.fields);
  const direction = order.kind === 'values' && order.descending ? ' desc' : '';
  return {
    index: fields.map(pathText).join(', '),
    ...(equal.length > 0 && { equal }),
    ...(next && { next: conditionText(next) }),
    ...(sorted.length > 0 && { order: sorted.map(pathText).join(', ') + direction }),
  };
}

const named = (expression: Expression, as: string): string => {
  const text = expressionText(expression);
  return text === as ? text : `${as}: ${text}`;
};
const aggregateText = (a: AggregateColumn): string =>
  `${a.as}: ${a.fn}(${a.argument ? expressionText(a.argument) : ''})`;
const onText = (on: readonly JoinPair[]): string =>
  on.map((p) => `${expressionText(p.left)} = ${expressionText(p.right)}`).join(' and ');
const orderText = (order: RowOrder): string =>
  order.kind === 'sorted' ? order.keys.map(sortKeyText).join(', ') : order.kind;

function searchDetail({ source, filter }: SearchRows): Detail {
  const { route, text, vector, limit, candidates, fusion, minScore, asOf } = source;
  return {
    route: `${route}/*`,
    ...(typeof text === 'string' && { text }),
    ...(vector && { vector: expressionText(vector) }),
    ...(typeof limit === 'number' && { limit }),
    ...(filter && { filter: expressionText(filter) }),
    ...(typeof candidates === 'number' && { candidates }),
    ...(typeof fusion === 'string' && { fusion }),
    ...(typeof minScore === 'number' && { min_score: minScore }),
    ...asOfDetail(asOf),
  };
}

interface Line {
  readonly op: string;
  readonly detail: Detail;
}

function lineOf(plan: PhysicalPlan): Line {
  switch (plan.kind) {
    case 'Access':
      return { op: plan.path.kind, detail: { ...pathDetail(plan.path), ...asOfDetail(plan.asOf) } };
    case 'SearchRows':
      return { op: 'Search', detail: searchDetail(plan) };
    case 'FacetRows':
      return {
        op: 'FacetScan',
        detail: Object.fromEntries(plan.source.facets.map((f) => [f.name, expressionText(f.predicate)])),
      };
    case 'Empty':
      return { op: 'Empty', detail: {} };
    case 'FilterRows':
      return { op: 'Filter', detail: { predicate: expressionText(plan.predicate) } };
    case 'ProjectRows':
      return {
        op: 'Project',
        detail: {
          columns: [...(plan.star ? ['*'] : []), ...plan.items.map((i) => named(i.expression, i.as))].join(
            ', ',
          ),
        },
      };
    case 'SortRows':
      return { op: 'Sort', detail: { keys: plan.keys.map(sortKeyText).join(', ') } };
    case 'TopRows':
      return { op: 'TopN', detail: { keys: plan.keys.map(sortKeyText).join(', '), count: plan.count } };
    case 'SliceRows':
    case 'PageRows':
      return {
        op: plan.kind === 'SliceRows' ? 'Slice' : 'Page',
        detail: {
          ...(plan.offset > 0 && { offset: plan.offset }),
          ...(plan.limit !== undefined && { limit: plan.limit }),
        },
      };
    case 'ResumeRows':
      return { op: 'Resume', detail: { order: orderText(plan.order) } };
    case 'GroupRows':
      return { op: 'Group', detail: groupDetail(plan) };
    case 'CountRows':
      return {
        op: 'Count',
        detail: {
          ...pathDetail(plan.path),
          covered_by: plan.path.kind === 'IndexScan' ? 'the index' : 'the size of the route',
          ...(plan.by.length > 0 && { by: plan.by.join(', ') }),
        },
      };
    case 'LookupJoin':
      return {
        op: 'LookupJoin',
        detail: {
          join: plan.join,
          route: plan.route,
          on: lookupText(plan.key, plan.rest),
          ...asOfDetail(plan.asOf),
        },
      };
    case 'IndexLookupJoin':
      return {
        op: 'IndexLookupJoin',
        detail: { join: plan.join, ...pathDetail(plan.path), on: onText(plan.on) },
      };
    case 'HashJoin':
      return {
        op: 'HashJoin',
        detail: { join: plan.join, build: plan.build ?? 'right', on: onText(plan.on) },
      };
    case 'RemoteRows': {
      // The SQL beside it tells that the store does this and what is below.
      const { op, detail } = lineOf(plan.rows);
      return { op, detail: { ...detail, ...(plan.fields && { fields: plan.fields.join(', ') }) } };
    }
    case 'ColumnScan':
      return { op: plan.kind, detail: tableDetail(plan) };
    case 'ColumnTop':
      return {
        op: plan.kind,
        detail: { ...tableDetail(plan), keys: plan.keys.map(sortKeyText).join(', '), count: plan.count },
      };
    case 'ColumnGroup':
      return { op: plan.kind, detail: { ...tableDetail(plan), ...groupDetail(plan) } };
    default:
      return assertNever(plan);
  }
}

const predicateText = (predicates: readonly (Expression | undefined)[]): string =>
  predicates.flatMap((p) => (p ? expressionText(p) : [])).join(' and ');

function tableDetail(plan: ColumnPlan): Detail {
  const { left, joined } = plan.table;
  const predicate = predicateText([left.predicate, joined?.right.predicate, joined?.predicate]);
  return {
    route: left.route,
    ...(joined && {
      join: joined.join,
      with: joined.right.route,
      on: lookupText(joined.key, []),
    }),
    columns: columnNames(plan),
    ...(predicate !== '' && { predicate }),
  };
}

function groupDetail(plan: GroupRows | ColumnGroup): Detail {
  return {
    ...(plan.by && { by: plan.by.map((c) => named(c.expression, c.as)).join(', ') }),
    ...(plan.aggregates.length > 0 && { aggregates: plan.aggregates.map(aggregateText).join(', ') }),
    ...(plan.kind === 'GroupRows' && plan.streamed && { held: 'one group at a time' }),
  };
}

function lookupText(key: Expression, rest: readonly JoinPair[]): string {
  const first = `${expressionText(key)} = key`;
  return rest.length === 0 ? first : `${first} and ${onText(rest)}`;
}

/** The inputs that only stand in for what a node reads otherwise. */
function standIns(plan: PhysicalPlan): readonly PhysicalPlan[] {
  switch (plan.kind) {
    case 'CountRows':
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
      return inputsOf(plan);
    case 'IndexLookupJoin':
      return [plan.right];
    default:
      return [];
  }
}

/** The tree of a plan with its estimates and, after a run, what was measured. */
export function explainPlan(
  plan: PhysicalPlan,
  statistics: PlanStatistics,
  actuals?: (plan: PhysicalPlan) => NodeActuals | undefined,
  /** What else is to be told of a node. */
  more?: (plan: PhysicalPlan) => Detail | undefined,
): ExplainNode {
  // What stands in is shown when it had to run.
  const aside = standIns(plan);
  const below = plan.kind === 'RemoteRows' && actuals?.(plan.rows) === undefined ? plan.rows : plan;
  const inputs = inputsOf(below).filter((input) => !aside.includes(input) || actuals?.(input) !== undefined);
  const line = lineOf(plan);
  return {
    ...line,
    detail: { ...line.detail, ...more?.(plan) },
    advice: indexAdvice(isColumnPlan(plan) || plan.kind === 'RemoteRows' ? plan.rows : plan, statistics),
    rowsEstimated: estimateRows(plan, statistics),
    actuals: actuals?.(plan),
    children: inputs.map((input) => explainPlan(input, statistics, actuals, more)),
  };
}

/** An explain node as it goes over the wire. */
export function explainJson(node: ExplainNode): Json {
  return {
    op: node.op,
    ...node.detail,
    ...(node.advice !== undefined && { advice: node.advice }),
    rows_estimated: node.rowsEstimated,
    ...(node.actuals && {
      rows_actual: node.actuals.rows,
      time_ms: node.actuals.ms,
      keys_read: node.actuals.keys,
      bytes_read: node.actuals.bytes,
    }),
    children: node.children.map(explainJson),
  };
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function nodeText(node: ExplainNode): string {
  const detail = Object.entries(node.detail).map(([name, value]) => `${name}=${valueText(value)}`);
  const { actuals } = node;
  const measured = actuals
    ? `, ${actuals.rows} rows in ${actuals.ms} ms, ${actuals.keys} keys and ${actuals.bytes} bytes read`
    : '';
  const line = [node.op, ...detail, `(~${node.rowsEstimated} rows${measured})`].join(' ');
  return node.advice === undefined ? line : `${line} — ${node.advice}`;
}

/** The tree drawn with lines, one node a line. */
export function explainText(node: ExplainNode): string {
  const draw = (n: ExplainNode): readonly string[] => [
    nodeText(n),
    ...n.children.flatMap((child, i) => {
      const last = i === n.children.length - 1;
      return draw(child).map((line, at) => (at === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ') + line);
    }),
  ];
  return draw(node).join('\n');
}
