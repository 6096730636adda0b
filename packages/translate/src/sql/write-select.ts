import type { Expression, Field, Join, NumberArgument, Relation, SortKey } from '@drops/ir';
import { isSliced, type Block, type Named, type Source } from './block.js';
import { buildBlock } from './build-block.js';
import { identifier, type SqlContext } from './context.js';
import { allOf, atom, clause, join, parameter, type Fragment } from './fragment.js';
import { makeWriter } from './make-writer.js';
import type { Names } from './names.js';
import { selectList, type Among } from './select-list.js';
import { subqueryColumn } from './subquery.js';
import { groupedValue } from './write-aggregate.js';
import { writeComparison } from './write-comparison.js';
import { writeOrder } from './write-order.js';
import type { ValueKind, Writer } from './writer.js';

/** `SELECT …` for a relation, without the closing semicolon. UNSUPPORTED where SQL cannot say it. */
export function writeRelation(context: SqlContext, relation: Relation): Fragment {
  return writeSelect(context, buildBlock(context, relation));
}

/** A writer for expressions among these names. */
export function writerFor(context: SqlContext, names: Names, qualified: boolean): Writer {
  return makeWriter(context, { names, qualified }, (relation) => subqueryColumn(context, relation, selects));
}

/** Writes one block and what it is made of. `wanted`: the kind its columns are to have. */
export function writeSelect(context: SqlContext, block: Block, wanted?: ValueKind): Fragment {
  const qualified = block.source.kind === 'join';
  const among: Among = (names) => writerFor(context, names, qualified);
  const amongGroups: Among = (names) => among(names).within({ names, qualified, grouped: true });
  admitOrder(context, block);
  return join(
    [
      clause`SELECT ${selectList(context, block, among, wanted)}`,
      clause` FROM ${writeSource(context, block.source)}`,
      ...writeConditions('WHERE', block.where, among),
      ...writeGroup(block, among),
      ...writeConditions('HAVING', block.having, amongGroups),
      ...writeKeys(context, block, qualified),
      ...writeSlice(context, block),
    ],
    '',
  );
}

const selects = { build: buildBlock, write: writeSelect, writerFor };

/** ` WHERE …`, or nothing. */
export function writeConditions(
  word: string,
  terms: readonly Named<Expression>[],
  among: Among,
): readonly Fragment[] {
  if (terms.length === 0) return [];
  return [clause` ${word} ${allOf(terms.map((t) => among(t.names).condition(t.of)))}`];
}

function writeSource(context: SqlContext, source: Source): Fragment {
  switch (source.kind) {
    case 'table': {
      const { name, route, span } = source.table;
      const table = identifier(context, route, span);
      return name === route ? table : clause`${table} AS ${identifier(context, name, span)}`;
    }
    case 'derived':
      return clause`(${writeSelect(context, source.block)}) AS ${identifier(context, source.alias, source.block.span)}`;
    case 'join':
      return writeJoin(context, source);
  }
}

function writeJoin(context: SqlContext, source: Extract<Source, { kind: 'join' }>): Fragment {
  const { join: node, names } = source;
  const writer = writerFor(context, names, true);
  const on = node.on.map(({ left, right }) =>
    writeComparison(
      { kind: 'Cmp', op: '=', left, right: ofRight(context, right, node), span: right.span },
      writer,
    ),
  );
  const word = node.join === 'left' ? 'LEFT JOIN' : 'INNER JOIN';
  return clause`${writeSource(context, source.left)} ${word} ${writeSource(context, source.right)} ON ${allOf(on)}`;
}

/** The right field of a join condition as a field of the joined record. */
function ofRight(context: SqlContext, field: Field, node: Join): Field {
  if (field.scope === 'system' && field.path[0] !== 'key') {
    return context.refuse('this join', 'the joined record has no such column', node.span);
  }
  return { ...field, scope: 'joined' };
}

function writeGroup(block: Block, among: Among): readonly Fragment[] {
  if (!block.group || block.group.of.length === 0) return [];
  const writer = among(block.group.names);
  const columns = block.group.of.map((c) => groupedValue(c.expression, writer));
  return [clause` GROUP BY ${join(columns, ', ')}`];
}

function writeKeys(context: SqlContext, block: Block, qualified: boolean): readonly Fragment[] {
  const { order, names } = block;
  if (!order) return [];
  // An alias hides a column of its name in ORDER BY; the table's name tells them apart.
  const hidden = order.names !== names && names.kind === 'columns' && names.columns.size > 0;
  const renames = hidden && [...names.columns].some(([as, c]) => hidesColumn(as, c));
  const scope = { names: order.names, qualified: qualified || renames, grouped: block.group !== undefined };
  const writer = writerFor(context, order.names, qualified).within(scope);
  return [clause` ORDER BY ${writeOrder(order.of, writer, (key) => aliasOf(context, key, order.names))}`];
}

function hidesColumn(
  as: string,
  column: { readonly kind: string; readonly expression?: Expression },
): boolean {
  const { expression } = column;
  return (
    expression?.kind !== 'Field' ||
    expression.scope === 'system' ||
    expression.path[0] !== as ||
    expression.path.length > 1
  );
}

/** An aggregate that is never NULL goes by its name in the result. */
function aliasOf(context: SqlContext, key: SortKey, names: Names): Fragment | undefined {
  if (key.expression.kind !== 'Field' || names.kind !== 'columns') return undefined;
  const name = String(key.expression.path[0]);
  const column = names.columns.get(name);
  const never =
    column?.kind === 'aggregate' && (column.aggregate.fn === 'count' || column.aggregate.fn === 'sum');
  return never ? identifier(context, name, key.expression.span) : undefined;
}

function writeSlice(context: SqlContext, block: Block): readonly Fragment[] {
  const { limit, offset } = block;
  const { unlimited } = context.dialect;
  const limited =
    limit !== undefined
      ? numberOf(limit)
      : offset !== 0 && unlimited !== undefined
        ? atom`${unlimited}`
        : undefined;
  return [
    ...(limited ? [clause` LIMIT ${limited}`] : []),
    ...(offset !== 0 ? [clause` OFFSET ${numberOf(offset)}`] : []),
  ];
}

function numberOf(argument: NumberArgument): Fragment {
  return typeof argument === 'number' ? atom`${String(argument)}` : parameter(argument.name);
}

/** Ties are left to the database: without a limit that is only an order, with one it decides which rows come. */
function admitOrder(context: SqlContext, block: Block): void {
  if (context.isOrderedElsewhere || (block.group && block.group.of.length === 0)) return;
  if (isSliced(block)) {
    context.fidelity.approximate(
      block.order
        ? 'rows that tie in the sort may change places at the limit'
        : 'without a sort the database picks the rows',
    );
  } else context.fidelity.schema('rows that tie come in any order');
}
