import { assertNever } from '@drops/diagnostics';
import {
  conjuncts,
  isRelation,
  walk,
  type Expression,
  type Filter,
  type Group,
  type Join,
  type Project,
  type Relation,
  type Scan,
  type Slice,
  type Sort,
} from '@drops/ir';
import { isSliced, sourceTable, type Block, type Source } from './block.js';
import type { SqlContext } from './context.js';
import type { Names, OutputColumn, Table } from './names.js';

/** Lays a relation out as nested SELECTs, as few as its meaning allows. UNSUPPORTED for what no table holds. */
export function buildBlock(context: SqlContext, relation: Relation): Block {
  switch (relation.kind) {
    case 'Scan':
      return scanBlock(context, relation);
    case 'Search':
      return context.refuse('search', 'ranking is done by the indexes of a Drops store', relation.span);
    case 'FacetScan':
      return context.refuse('primitives', 'they are looked up across every route', relation.span);
    case 'Filter':
      return filterBlock(context, relation);
    case 'Project':
      return projectBlock(context, relation);
    case 'Sort':
      return sortBlock(context, relation);
    case 'Slice':
      return sliceBlock(context, relation);
    case 'Group':
      return groupBlock(context, relation);
    case 'Join':
      return joinBlock(context, relation);
    default:
      return assertNever(relation);
  }
}

function scanBlock(context: SqlContext, scan: Scan): Block {
  const { span } = scan;
  if (scan.subtree) context.refuse(`${scan.route}/*`, 'the tables below a route are not known', span);
  if (scan.versions === 'history') context.refuse('history', 'a table holds the current rows only', span);
  if (scan.asOf) context.refuse('as of', 'a table holds the current rows only', scan.asOf.span);
  const table: Table = { name: scan.route, route: scan.route, span };
  const names: Names = { kind: 'drop', table };
  return { span, source: { kind: 'table', table }, names, where: [], having: [], offset: 0 };
}

/** A new SELECT around one that is complete. */
function wrap(context: SqlContext, block: Block): Block {
  const alias = context.nextAlias();
  const { names, span } = block;
  if (names.kind === 'joined') {
    context.refuse(
      'this step after a join',
      'both tables have columns of the same name',
      span,
      'pick the fields that are needed before it',
    );
  }
  const source: Source = { kind: 'derived', block, alias };
  const outer: Names =
    names.kind === 'drop'
      ? { kind: 'drop', table: { ...names.table, name: alias } }
      : { kind: 'derived', table: alias, open: names.kind === 'derived' ? names.open : isOpen(names) };
  return {
    span,
    source,
    names: outer,
    where: [],
    having: [],
    offset: 0,
    ...orderAround(context, block, outer),
  };
}

function isOpen(names: Names): boolean {
  switch (names.kind) {
    case 'drop':
    case 'joined':
      return true;
    case 'derived':
      return names.open;
    case 'columns':
      return names.rest !== undefined && isOpen(names.rest);
    case 'cells':
      return false;
  }
}

/** Rows that were sorted and cut keep their order outside, as far as its keys are still there. */
function orderAround(context: SqlContext, block: Block, outer: Names): Pick<Block, 'order'> {
  if (!block.order || !isSliced(block)) return {};
  if (block.order.names.kind === block.names.kind) return { order: { of: block.order.of, names: outer } };
  context.fidelity.approximate('the order inside a sub-query is not kept outside it');
  return {};
}

function filterBlock(context: SqlContext, filter: Filter): Block {
  const input = buildBlock(context, filter.input);
  const block = isSliced(input) ? wrap(context, input) : input;
  const terms = conjuncts(filter.predicate).map((of) => ({ of, names: block.names }));
  const after = terms.filter((t) => block.group && !isOfGroup(t.of, block));
  const before = terms.filter((t) => !after.includes(t));
  return { ...block, where: [...block.where, ...before], having: [...block.having, ...after] };
}

/** A condition on the group's own values leaves whole groups out, so it may stand before the grouping. */
function isOfGroup(predicate: Expression, { group, names }: Block): boolean {
  if (!group || group.of.length === 0 || names.kind !== 'columns') return false;
  return walk(predicate, (node) => {
    if (isRelation(node)) return 'skip';
    const aggregate = node.kind === 'Field' && names.columns.get(String(node.path[0]))?.kind === 'aggregate';
    return aggregate ? 'stop' : undefined;
  });
}

function projectBlock(context: SqlContext, project: Project): Block {
  const block = buildBlock(context, project.input);
  const { names } = block;
  const columns = new Map<string, OutputColumn>();
  const inherited = project.star && names.kind === 'columns' ? names : undefined;
  for (const [name, column] of inherited?.columns ?? []) columns.set(name, column);
  for (const { as, expression } of project.items) columns.set(as, outputOf(expression, names));
  const rest = !project.star ? undefined : inherited ? inherited.rest : names;
  return { ...block, names: { kind: 'columns', columns, ...(rest && { rest }) } };
}

/** A column of the row below is that column itself. */
function outputOf(expression: Expression, names: Names): OutputColumn {
  if (expression.kind === 'Field' && names.kind === 'columns' && expression.path.length === 1) {
    const below = names.columns.get(String(expression.path[0]));
    if (below) return below;
  }
  return { kind: 'expression', expression, names };
}

function sortBlock(context: SqlContext, sort: Sort): Block {
  const input = buildBlock(context, sort.input);
  const block = isSliced(input) ? wrap(context, input) : input;
  return { ...block, order: { of: sort.keys, names: block.names } };
}

function sliceBlock(context: SqlContext, slice: Slice): Block {
  if (slice.after !== undefined) {
    context.refuse('a cursor', 'cursors belong to a Drops store', slice.span, 'use skip instead');
  }
  const input = buildBlock(context, slice.input);
  const block = isSliced(input) ? wrap(context, input) : input;
  return { ...block, offset: slice.offset, ...(slice.limit !== undefined && { limit: slice.limit }) };
}

function groupBlock(context: SqlContext, group: Group): Block {
  const input = buildBlock(context, group.input);
  const block = isSliced(input) || input.group ? wrap(context, input) : input;
  const { names, span } = block;
  const columns = new Map<string, OutputColumn>();
  for (const { as, expression } of group.by ?? []) columns.set(as, outputOf(expression, names));
  for (const aggregate of group.aggregates)
    columns.set(aggregate.as, { kind: 'aggregate', aggregate, names });
  return {
    span,
    source: block.source,
    where: block.where,
    having: [],
    offset: 0,
    names: { kind: 'columns', columns },
    group: { of: group.by ?? [], names },
  };
}

/** A side of a join: a plain table as itself, anything more as a derived table. */
function side(context: SqlContext, block: Block): Source {
  const plain = block.where.length === 0 && !isSliced(block) && block.source.kind === 'table';
  return plain ? block.source : { kind: 'derived', block, alias: context.nextAlias() };
}

function joinBlock(context: SqlContext, join: Join): Block {
  const left = buildBlock(context, join.left);
  const right = side(context, buildBlock(context, join.right));
  if (left.source.kind === 'join') {
    context.refuse('a second join', 'a name could stand for a column of any of the tables', join.span);
  }
  // Conditions on the left rows mean the same before and after the join; a limit does not.
  const base = isSliced(left) ? wrap(context, left) : left;
  const leftTable = sourceTable(base.source);
  const rightTable = rename(context, right, leftTable);
  if (!leftTable || !rightTable.table)
    return context.refuse('this join', 'its sides are no tables', join.span);
  const names: Names = { kind: 'joined', left: leftTable, right: rightTable.table };
  return {
    ...base,
    span: join.span,
    source: { kind: 'join', join, names, left: base.source, right: rightTable.source },
    names,
  };
}

/** A table joined with itself needs a second name. */
function rename(
  context: SqlContext,
  right: Source,
  left: Table | undefined,
): { readonly source: Source; readonly table: Table | undefined } {
  const table = sourceTable(right);
  if (right.kind !== 'table' || !table || table.name !== left?.name) return { source: right, table };
  const renamed = { ...table, name: context.nextAlias() };
  return { source: { kind: 'table', table: renamed }, table: renamed };
}
