import { fail } from '@drops/diagnostics';
import type { AggregateColumn, GroupColumn, Relation } from '@drops/ir';
import type { Node, SelectStmt } from '@pgsql/types';
import { aggregateFunctions, constantOf, lowerOperand, nameOf } from './operands.js';
import { partsOf, textOf, type SqlScope } from './scope.js';
import { defaultName, ordinal, type SelectList } from './select-list.js';
import { isPart, walkTree } from './walk-tree.js';

/** The aggregates in an expression. */
function aggregatesIn(node: Node): readonly Node[] {
  const found: Node[] = [];
  walkTree(node, (part) => {
    // A sub-select has aggregates of its own.
    if (isPart(part, 'SelectStmt')) return false;
    if (!isPart(part, 'FuncCall') || !aggregateFunctions.has(nameOf(part.FuncCall.funcname))) return true;
    found.push(part);
    return false;
  });
  return found;
}

function lowerAggregate(node: Node, as: string, scope: SqlScope): AggregateColumn {
  const span = scope.places.of(node);
  const call = 'FuncCall' in node ? node.FuncCall : {};
  const name = nameOf(call.funcname);
  const fn = aggregateFunctions.get(name);
  const [argument, ...others] = call.args ?? [];
  if (!fn || others.length > 0 || call.agg_distinct || call.agg_filter || call.agg_order || call.over) {
    fail('SQL_ERROR', `${name} takes one column, without DISTINCT, FILTER, ORDER BY or OVER`, { span });
  }
  if (fn === 'count') {
    const rows =
      call.agg_star === true || (argument && 'A_Const' in argument && constantOf(argument.A_Const) !== null);
    if (rows) return { fn, as, span };
    fail('SQL_ERROR', 'count counts rows, not values', {
      span,
      hint: 'write count(*), with WHERE … IS NOT NULL to leave rows out',
    });
  }
  if (!argument) fail('SQL_ERROR', `${name} needs a column`, { span });
  return { fn, argument: lowerOperand(argument, scope), as, span };
}

export interface Grouping {
  readonly relation: Relation;
  readonly scope: SqlScope;
}

/** GROUP BY 1 and GROUP BY alias stand for what the list says. */
function groupNode(node: Node, list: SelectList, scope: SqlScope): Node {
  if ('A_Const' in node) return ordinal(node, list, scope).node;
  if (!('ColumnRef' in node)) return node;
  const [name, more] = partsOf(node.ColumnRef);
  const item = more === undefined ? list.items.find((i) => i.name === name) : undefined;
  const renamed = item && !('ColumnRef' in item.node) && aggregatesIn(item.node).length === 0;
  return renamed ? item.node : node;
}

export function lowerGroup(
  select: SelectStmt,
  list: SelectList,
  order: readonly Node[],
  scope: SqlScope,
): Grouping | undefined {
  const { places } = scope;
  const having = select.havingClause ? [select.havingClause] : [];
  const found = [...list.items.map((i) => i.node), ...having, ...order].flatMap(aggregatesIn);
  const distinct = select.distinctClause !== undefined;
  const groups = (select.groupClause ?? []).map((node) => groupNode(node, list, scope));
  if (groups.length === 0 && found.length === 0 && having.length === 0 && !distinct) return undefined;
  if (list.star)
    fail('SQL_ERROR', 'a star has no place in a group', { span: places.whole, hint: 'name the columns' });
  const grouped = new Map<string, string>();
  const taken = new Set<string>();
  const nameFor = (node: Node): string => {
    const text = textOf(node);
    const wanted = list.items.find((item) => textOf(item.node) === text)?.name ?? defaultName(node);
    let name = wanted;
    for (let i = 2; taken.has(name); i += 1) name = `${wanted}_${i}`;
    taken.add(name);
    grouped.set(text, name);
    return name;
  };
  const keys =
    groups.length > 0 || found.length > 0 || having.length > 0 ? groups : list.items.map((i) => i.node);
  const by: GroupColumn[] = [];
  for (const node of keys) {
    if (!grouped.has(textOf(node))) by.push({ expression: lowerOperand(node, scope), as: nameFor(node) });
  }
  const aggregates: AggregateColumn[] = [];
  for (const node of found) {
    if (!grouped.has(textOf(node))) aggregates.push(lowerAggregate(node, nameFor(node), scope));
  }
  if (distinct && keys === groups) {
    fail('SQL_ERROR', 'DISTINCT adds nothing to a group', { span: places.whole, hint: 'leave DISTINCT out' });
  }
  const span = places.whole;
  const noGroup = (select.groupClause?.length ?? 0) === 0 && !distinct;
  const relation: Relation = {
    kind: 'Group',
    input: scope.relation,
    by: noGroup ? null : by,
    aggregates,
    span,
  };
  return { relation, scope: { ...scope, relation, tables: [], grouped } };
}
