import { fail, type Span } from '@drops/diagnostics';
import {
  rowShape,
  type AggregateColumn,
  type AggregateFunction,
  type Expression,
  type GroupColumn,
  type Project,
  type Relation,
  type SortKey,
} from '@drops/ir';
import type { Node, ResTarget, SelectStmt, SortBy } from '@pgsql/types';
import type { LowerContext } from '../context.js';
import { termsOf, type LowerSubselect } from './conditions.js';
import { lowerFrom, lowerTerms } from './from.js';
import { aggregateNames, constantOf, lowerOperand, nameOf } from './operands.js';
import { keyOf, type SqlPlaces } from './places.js';
import { hasClosedColumns, partsOf, textOf, type SqlScope } from './scope.js';

/** How deep SELECTs may stand within SELECTs. */
const maxDepth = 20;

/** One column of the answer. */
interface Item {
  readonly name: string;
  readonly node: Node;
  readonly span: Span;
}

interface SelectList {
  readonly star: boolean;
  readonly items: readonly Item[];
}

/** The name that PostgreSQL gives a column without one. */
function defaultName(node: Node): string {
  if ('ColumnRef' in node) return partsOf(node.ColumnRef).at(-1) ?? '?column?';
  if ('FuncCall' in node) return nameOf(node.FuncCall.funcname);
  if ('CoalesceExpr' in node) return 'coalesce';
  if ('SQLValueFunction' in node) return 'current_timestamp';
  if ('TypeCast' in node && node.TypeCast.arg) {
    const inner = defaultName(node.TypeCast.arg);
    return inner === '?column?' ? nameOf(node.TypeCast.typeName?.names) : inner;
  }
  return '?column?';
}

function isStar(target: ResTarget): boolean {
  return (
    target.val !== undefined && 'ColumnRef' in target.val && partsOf(target.val.ColumnRef).at(-1) === '*'
  );
}

function readStar(target: ResTarget, scope: SqlScope): void {
  const { val } = target;
  if (!val || !('ColumnRef' in val)) return;
  const [first, second] = partsOf(val.ColumnRef);
  const [own] = scope.tables;
  const ofLeft = second === '*' && first === own?.alias && own?.reach === 'own';
  if (rowShape(scope.relation) !== 'joined' ? second === undefined || ofLeft : ofLeft) return;
  fail('SQL_ERROR', 'of joined tables only the first one has a star', {
    span: scope.places.of(val),
    hint: `name the columns, or write ${own?.alias ?? 'a'}.*`,
  });
}

function readList(select: SelectStmt, scope: SqlScope): SelectList {
  const items: Item[] = [];
  let star = false;
  for (const node of select.targetList ?? []) {
    if (!('ResTarget' in node) || !node.ResTarget.val) continue;
    const { ResTarget: target } = node;
    if (isStar(target)) {
      readStar(target, scope);
      if (items.length > 0) {
        fail('SQL_ERROR', 'a star stands first', { span: scope.places.of(node), hint: 'write SELECT *, …' });
      }
      star = true;
    } else if (target.val) {
      items.push({
        name: target.name ?? defaultName(target.val),
        node: target.val,
        span: scope.places.of(node),
      });
    }
  }
  if (!star && items.length === 0) fail('SQL_ERROR', 'SELECT names no column', { span: scope.places.whole });
  for (const [i, item] of items.entries()) {
    if (items.findIndex(({ name }) => name === item.name) < i) {
      fail('SQL_ERROR', `two columns are called ${item.name}`, { span: item.span, hint: 'write AS other' });
    }
  }
  return { star, items };
}

/** The aggregates in an expression. */
function aggregatesIn(node: Node): readonly Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    // A sub-select has aggregates of its own.
    if ('SelectStmt' in value) return;
    if ('FuncCall' in value) {
      const call: Node = value as Extract<Node, { readonly FuncCall: unknown }>;
      if ('FuncCall' in call && aggregateNames.has(nameOf(call.FuncCall.funcname))) {
        found.push(call);
        return;
      }
    }
    for (const part of Object.values(value)) visit(part);
  };
  visit(node);
  return found;
}

const functions: ReadonlyMap<string, AggregateFunction> = new Map([
  ['count', 'count'],
  ['sum', 'sum'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
]);

function lowerAggregate(node: Node, as: string, scope: SqlScope): AggregateColumn {
  const span = scope.places.of(node);
  const call = 'FuncCall' in node ? node.FuncCall : {};
  const name = nameOf(call.funcname);
  const fn = functions.get(name);
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

interface Grouping {
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

function ordinal(node: Node, list: SelectList, scope: SqlScope): Item {
  const place = 'A_Const' in node ? constantOf(node.A_Const) : undefined;
  const item = typeof place === 'number' && !list.star ? list.items[place - 1] : undefined;
  if (item) return item;
  fail('SQL_ERROR', 'no column of SELECT stands at this place', { span: scope.places.of(node) });
}

function lowerGroup(
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

/** What an entry of ORDER BY sorts by: a column of the answer by place or name, else an expression. */
function orderNode(sort: SortBy, list: SelectList, scope: SqlScope): Node {
  const { node } = sort;
  if (!node) return fail('SQL_ERROR', 'ORDER BY needs a column', { span: scope.places.whole });
  if ('A_Const' in node) return ordinal(node, list, scope).node;
  if (!('ColumnRef' in node)) return node;
  const [name, more] = partsOf(node.ColumnRef);
  return (more === undefined && list.items.find((i) => i.name === name)?.node) || node;
}

/** Nulls come last in Drops; where SQL has them first, whether there is a value is sorted by before it. */
function sortKeys(sort: SortBy, expression: Expression): readonly SortKey[] {
  const { span } = expression;
  if (sort.sortby_dir === 'SORTBY_USING') fail('SQL_ERROR', 'ORDER BY … USING is not read', { span });
  const descending = sort.sortby_dir === 'SORTBY_DESC';
  const nulls = sort.sortby_nulls ?? 'SORTBY_NULLS_DEFAULT';
  const first = nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST';
  const isNever =
    expression.kind === 'Field' && expression.scope === 'system' && expression.path[0] === 'created_at';
  const key: SortKey = { expression, descending };
  if (!first || isNever) return [key];
  return [
    { expression: { kind: 'Exists', operand: expression, negated: false, span }, descending: false },
    key,
  ];
}

function lowerCount(node: Node | undefined, what: string, places: SqlPlaces): number | undefined {
  if (!node) return undefined;
  const value = 'A_Const' in node ? constantOf(node.A_Const) : undefined;
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  fail('SQL_ERROR', `${what} takes a whole number that is not negative`, { span: places.of(node) });
}

function lowerSlice(select: SelectStmt, input: Relation, paged: boolean, places: SqlPlaces): Relation {
  if (select.limitOption === 'LIMIT_OPTION_WITH_TIES') {
    fail('SQL_ERROR', 'WITH TIES is not read', { span: places.whole });
  }
  const limit = lowerCount(select.limitCount, 'LIMIT', places);
  const offset = lowerCount(select.limitOffset, 'OFFSET', places);
  if (limit === undefined && (offset ?? 0) === 0) return input;
  return {
    kind: 'Slice',
    input,
    offset: offset ?? 0,
    ...(limit !== undefined && { limit }),
    single: false,
    paged,
    span: places.whole,
  };
}

/** The columns of the answer, unless the rows have just those already. */
function lowerProject(list: SelectList, scope: SqlScope, relation: Relation): Relation {
  const items: Project['items'][number][] = list.items.map((item) => ({
    as: item.name,
    expression: lowerOperand(item.node, scope),
  }));
  if (list.star) {
    const columns = rowShape(relation) === 'flat' ? [] : (['_key', '_created_at'] as const);
    const system = columns.map((as) => ({
      as,
      expression: lowerOperand({ ColumnRef: { fields: refParts(scope, as) } }, scope),
    }));
    if (rowShape(relation) === 'flat' && items.length === 0) return relation;
    return {
      kind: 'Project',
      input: relation,
      star: true,
      items: [...system, ...items],
      span: scope.places.whole,
    };
  }
  const same =
    relation.kind === 'Group' || (rowShape(relation) === 'flat' && hasClosedColumns(relation))
      ? columnNames(relation)
      : undefined;
  const unchanged =
    same?.length === items.length &&
    items.every(({ as, expression }, i) => {
      const isColumn =
        expression.kind === 'Field' && expression.scope === 'column' && expression.path.length === 1;
      return isColumn && expression.path[0] === as && same[i] === as;
    });
  return unchanged
    ? relation
    : { kind: 'Project', input: relation, star: false, items, span: scope.places.whole };
}

function refParts(scope: SqlScope, name: string) {
  const alias = rowShape(scope.relation) === 'joined' ? [scope.tables[0]?.alias ?? ''] : [];
  return [...alias, name].map((sval) => ({ String: { sval } }));
}

function columnNames(relation: Relation): readonly string[] | undefined {
  switch (relation.kind) {
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return columnNames(relation.input);
    case 'Group':
      return [...(relation.by ?? []).map((c) => c.as), ...relation.aggregates.map((a) => a.as)];
    case 'Project':
      return relation.star ? undefined : relation.items.map((i) => i.as);
    default:
      return undefined;
  }
}

const refused: readonly (readonly [keyof SelectStmt, string])[] = [
  ['withClause', 'WITH'],
  ['valuesLists', 'VALUES'],
  ['windowClause', 'WINDOW'],
  ['lockingClause', 'FOR UPDATE'],
  ['intoClause', 'INTO'],
];

function checkSelect(select: SelectStmt, places: SqlPlaces): void {
  if ((select.op ?? 'SETOP_NONE') !== 'SETOP_NONE') {
    fail('SQL_ERROR', 'UNION, INTERSECT and EXCEPT are not part of the SQL that Drops reads', {
      span: places.whole,
    });
  }
  for (const [member, name] of refused) {
    if (select[member] === undefined) continue;
    fail('SQL_ERROR', `${name} is not part of the SQL that Drops reads`, { span: places.whole });
  }
  // DISTINCT without ON is a list of one empty node.
  if (select.distinctClause?.some((node) => keyOf(node) !== '')) {
    fail('SQL_ERROR', 'DISTINCT ON is not part of the SQL that Drops reads', { span: places.whole });
  }
}

/** A SELECT as a relation of flat rows. */
export function lowerSelect(
  select: SelectStmt,
  places: SqlPlaces,
  context: LowerContext,
  depth = 0,
): Relation {
  if (depth > maxDepth)
    fail('QUERY_TOO_COMPLEX', 'SELECTs stand too deep within SELECTs', { span: places.whole });
  checkSelect(select, places);
  const subselect: LowerSubselect = (inner) => lowerSelect(inner, places, context, depth + 1);
  const from = lowerFrom(select, { lower: context, places, subselect });
  let { scope } = from;
  const filter = (terms: readonly Node[]): void => {
    if (terms.length === 0) return;
    const predicate = lowerTerms(terms, { scope, subselect }, places.whole);
    if (predicate.kind === 'Lit' && predicate.value === true) return;
    scope = {
      ...scope,
      relation: { kind: 'Filter', input: scope.relation, predicate, span: predicate.span },
    };
  };
  filter(from.where);
  const list = readList(select, scope);
  const sorts = (select.sortClause ?? []).flatMap((node) => ('SortBy' in node ? [node.SortBy] : []));
  const order = sorts.map((sort) => orderNode(sort, list, scope));
  const grouping = lowerGroup(select, list, order, scope);
  if (grouping) {
    ({ scope } = grouping);
    if (select.havingClause) filter(termsOf(select.havingClause));
  }
  let { relation } = scope;
  const keys = sorts.flatMap((sort, i) => {
    const node = order[i];
    return node ? sortKeys(sort, lowerOperand(node, scope)) : [];
  });
  if (keys.length > 0) relation = { kind: 'Sort', input: relation, keys, span: places.whole };
  relation = lowerSlice(select, relation, !grouping && depth === 0, places);
  return lowerProject(list, scope, relation);
}
