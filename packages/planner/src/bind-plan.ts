import { assertNever } from '@drops/diagnostics';
import {
  mapExpressionChildren,
  mapList,
  mapRelationChildren,
  withChanges,
  type AccessPath,
  type AggregateColumn,
  type Expression,
  type IndexBound,
  type IndexCondition,
  type IndexScanPath,
  type Json,
  type Mapper,
  type ParameterValues,
  type Relation,
} from '@drops/ir';
import type { ColumnRoute, ColumnTable, PhysicalPlan, RowOrder } from './physical-plan.js';

/** What is given for the parameter that a value of a plan is of. */
export function slotValue(value: Json, slot: string, values: ParameterValues): Json {
  const given = values.get(slot) ?? value;
  return given === 0 ? 0 : given;
}

/** The same, or what stood there for values that come from no parameter. */
function valueOf(value: Json, slot: string | undefined, values: ParameterValues): Json {
  return slot === undefined ? value : slotValue(value, slot, values);
}

function textOf(text: string, slot: string | undefined, values: ParameterValues): string {
  const value = valueOf(text, slot, values);
  return typeof value === 'string' ? value : text;
}

function bindBound(bound: IndexBound, slot: string | undefined, values: ParameterValues): IndexBound {
  return withChanges(bound, { value: valueOf(bound.value, slot, values) });
}

function bindCondition(
  condition: IndexCondition,
  slots: NonNullable<IndexScanPath['slots']>,
  values: ParameterValues,
): IndexCondition {
  switch (condition.kind) {
    case 'prefix':
      return withChanges(condition, { text: textOf(condition.text, slots.prefix, values) });
    case 'range':
      return {
        ...condition,
        ...(condition.lower && { lower: bindBound(condition.lower, slots.lower, values) }),
        ...(condition.upper && { upper: bindBound(condition.upper, slots.upper, values) }),
      };
    case 'in':
      return condition;
    default:
      return assertNever(condition);
  }
}

/** An access path with other values of its parameters. */
export function bindPath<P extends AccessPath>(path: P, values: ParameterValues): P;
export function bindPath(path: AccessPath, values: ParameterValues): AccessPath {
  switch (path.kind) {
    case 'Get':
      return withChanges(path, { key: textOf(path.key, path.slot, values) });
    case 'HistoryScan':
      return path.key === undefined ? path : withChanges(path, { key: textOf(path.key, path.slot, values) });
    case 'IndexScan': {
      const { slots, next } = path;
      if (!slots) return path;
      const equal = path.equal.map((value, i) => valueOf(value, slots.equal[i], values));
      return { ...path, equal, ...(next && { next: bindCondition(next, slots, values) }) };
    }
    case 'IndexIntersection':
    case 'IndexUnion':
      return withChanges(path, { scans: mapList(path.scans, (scan) => bindPath(scan, values)) });
    case 'MultiGet':
    case 'RouteScan':
      return path;
    default:
      return assertNever(path);
  }
}

function binder(values: ParameterValues): Mapper {
  // A sub-query is known by its relation: where a plan names it twice it stays one.
  const queries = new Map<Relation, Relation>();
  const mapper: Mapper = {
    plan: (plan) => plan,
    relation(relation) {
      const known = queries.get(relation) ?? mapRelationChildren(relation, mapper);
      queries.set(relation, known);
      return known;
    },
    expression: (e) => {
      if (e.kind !== 'Lit') return mapExpressionChildren(e, mapper);
      return e.slot === undefined ? e : withChanges(e, { value: valueOf(e.value, e.slot, values) });
    },
    number: (value) => value,
    text: (value) => value,
  };
  return mapper;
}

/** A relation with other values of its parameters. */
export function rebindRelation<R extends Relation>(relation: R, values: ParameterValues): R;
export function rebindRelation(relation: Relation, values: ParameterValues): Relation {
  return mapRelationChildren(relation, binder(values));
}

/**
 * A plan that was made for some values of its parameters, with other values of the same types: what planning them anew
 * gives, unless what a plan costs depends on them.
 */
export function bindPlan(plan: PhysicalPlan, values: ParameterValues): PhysicalPlan {
  return bindNode(plan, values, binder(values).expression);
}

type MapExpression = (expression: Expression) => Expression;

function bindExpressions<T extends { readonly expression: Expression }>(
  list: readonly T[],
  map: MapExpression,
): readonly T[] {
  return mapList(list, (item) => {
    const expression = map(item.expression);
    return expression === item.expression ? item : { ...item, expression };
  });
}

function bindOrder(order: RowOrder, map: MapExpression): RowOrder {
  return order.kind === 'sorted' ? withChanges(order, { keys: bindExpressions(order.keys, map) }) : order;
}

function bindAggregates(list: readonly AggregateColumn[], map: MapExpression): readonly AggregateColumn[] {
  return mapList(list, (a) => (a.argument ? withChanges(a, { argument: map(a.argument) }) : a));
}

function bindRoute(route: ColumnRoute, map: MapExpression): ColumnRoute {
  return route.predicate ? withChanges(route, { predicate: map(route.predicate) }) : route;
}

function bindTable(table: ColumnTable, map: MapExpression): ColumnTable {
  const { joined } = table;
  return withChanges(table, {
    left: bindRoute(table.left, map),
    ...(joined && {
      joined: withChanges(joined, {
        right: bindRoute(joined.right, map),
        predicate: joined.predicate && map(joined.predicate),
      }),
    }),
  });
}

function bindNode(plan: PhysicalPlan, values: ParameterValues, map: MapExpression): PhysicalPlan {
  const below = (input: PhysicalPlan) => bindNode(input, values, map);
  switch (plan.kind) {
    case 'Access':
      return withChanges(plan, { path: bindPath(plan.path, values) });
    case 'SearchRows':
      return withChanges(plan, {
        source: rebindRelation(plan.source, values),
        ...(plan.filter && { filter: map(plan.filter) }),
      });
    case 'FacetRows':
      return withChanges(plan, { source: rebindRelation(plan.source, values) });
    case 'Empty':
      return plan;
    case 'FilterRows':
      return withChanges(plan, { input: below(plan.input), predicate: map(plan.predicate) });
    case 'ProjectRows':
      return withChanges(plan, { input: below(plan.input), items: bindExpressions(plan.items, map) });
    case 'SortRows':
      return withChanges(plan, { input: below(plan.input), keys: bindExpressions(plan.keys, map) });
    case 'TopRows':
      return withChanges(plan, { input: below(plan.input), keys: bindExpressions(plan.keys, map) });
    case 'SliceRows':
      return withChanges(plan, { input: below(plan.input) });
    case 'PageRows':
    case 'ResumeRows': {
      const input = below(plan.input);
      const order = bindOrder(plan.order, map);
      return input === plan.input && order === plan.order ? plan : { ...plan, input, order };
    }
    case 'GroupRows':
      return withChanges(plan, {
        input: below(plan.input),
        by: plan.by && bindExpressions(plan.by, map),
        aggregates: bindAggregates(plan.aggregates, map),
      });
    case 'RemoteRows':
      return withChanges(plan, { rows: below(plan.rows) });
    case 'LookupJoin':
      return withChanges(plan, { left: below(plan.left) });
    case 'CountRows':
      return withChanges(plan, { input: below(plan.input), path: bindPath(plan.path, values) });
    case 'IndexLookupJoin':
    case 'HashJoin':
      return withChanges(plan, { left: below(plan.left), right: below(plan.right) });
    case 'ColumnScan':
      return withChanges(plan, { table: bindTable(plan.table, map), rows: below(plan.rows) });
    case 'ColumnTop':
      return withChanges(plan, {
        table: bindTable(plan.table, map),
        rows: below(plan.rows),
        keys: bindExpressions(plan.keys, map),
      });
    case 'ColumnGroup':
      return withChanges(plan, {
        table: bindTable(plan.table, map),
        rows: below(plan.rows),
        by: plan.by && bindExpressions(plan.by, map),
        aggregates: bindAggregates(plan.aggregates, map),
      });
    default:
      return assertNever(plan);
  }
}
