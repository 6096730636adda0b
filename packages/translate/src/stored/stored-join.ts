import type { Expression, Field, Filter, Join, Relation } from '@drops/ir';
import { identifier, type SqlContext } from '../sql/context.js';
import { allOf, clause, predicate, type Fragment } from '../sql/fragment.js';
import type { Names, Table } from '../sql/names.js';
import { groupedValue } from '../sql/write-aggregate.js';
import { nestedPlace } from '../sql/in-json.js';
import { writeRelation, writerFor } from '../sql/write-select.js';
import type { Writer } from '../sql/writer.js';
import { joinedRowsTable, leave, storedRowsTable } from './stored-context.js';

/** Equality of two fields, of whatever types: JSON is compared by content, and null equals nothing. */
function writeEqual(left: Field, right: Field, writer: Writer): Fragment {
  const nested = [left, right].map((field) => nestedPlace(field, writer) !== undefined);
  const isJson = nested.every((one) => one);
  const read = (field: Field): Fragment =>
    isJson ? groupedValue(field, writer) : writer.value(field, 'text');
  // What is no field of a payload is a key: a text.
  return predicate`${read(left)} = ${read(right)}`;
}

function joinUnder(relation: Relation): { readonly join: Join; readonly above: readonly Expression[] } {
  if (relation.kind === 'Join') return { join: relation, above: [] };
  if (relation.kind !== 'Filter') return leave('this step', relation);
  const { join, above } = joinUnder(relation.input);
  return { join, above: [...above, relation.predicate] };
}

/** Conditions on the left rows mean the same before and after the join. */
function leftConditions(left: Relation): readonly Expression[] {
  if (left.kind === 'Scan') return [];
  return left.kind === 'Filter' ? [...leftConditions(left.input), left.predicate] : leave('this side', left);
}

/** A pair of rows, and how its fields are written. */
export interface StoredPairs {
  /** ` FROM … WHERE …` */
  readonly source: Fragment;
  readonly writer: Writer;
}

/** Pairs of rows of two routes. */
export function storedPairs(context: SqlContext, relation: Join | Filter): StoredPairs {
  const { join: node, above } = joinUnder(relation);
  const table = (name: string): Table => ({ name, route: name, span: node.span });
  const names: Names = { kind: 'joined', left: table(storedRowsTable), right: table(joinedRowsTable) };
  const writer = writerFor(context, names, true);
  const on = node.on.map(({ left, right }) => writeEqual(left, asJoined(right), writer));
  const right = identifier(context, joinedRowsTable, node.span);
  const rows =
    node.right.kind === 'Scan' ? right : clause`(${writeRelation(context, node.right)}) AS ${right}`;
  const word = node.join === 'left' ? 'LEFT JOIN' : 'INNER JOIN';
  const from = clause` FROM ${identifier(context, storedRowsTable, node.span)} ${word} ${rows} ON ${allOf(on)}`;
  const conditions = [...leftConditions(node.left), ...above];
  const met = allOf(conditions.map((one) => writer.condition(one)));
  return {
    source: conditions.length === 0 ? from : clause`${from} WHERE ${met}`,
    writer,
  };
}

/** The right field of a pair, as a field of the record that is joined. */
const asJoined = (field: Field): Field => (field.scope === 'joined' ? field : { ...field, scope: 'joined' });
