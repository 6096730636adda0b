import {
  andOf,
  conjuncts,
  rewriteExpression,
  type Expression,
  type Field,
  type Filter,
  type Join,
  type Relation,
} from '@drops/ir';
import { identifier, type SqlContext } from '../sql/context.js';
import { allOf, atom, clause, predicate, type Fragment } from '../sql/fragment.js';
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
  return { join, above: [...above, ...conjuncts(relation.predicate)] };
}

/** How many rows the routes of a join have. */
export interface JoinSizes {
  readonly left: number;
  readonly right: number;
}

/** A pair of rows, and how its fields are written. */
export interface StoredPairs {
  /** ` FROM … WHERE …` */
  readonly source: Fragment;
  readonly writer: Writer;
}

/** A condition on the joined record alone, as one on the right row. */
const ofRight = (condition: Expression): Expression =>
  rewriteExpression(condition, {
    relation: (relation) => relation,
    expression: (node) =>
      node.kind === 'Field' ? { ...node, scope: isKey(node) ? 'system' : 'payload' } : node,
  });

const isKey = ({ path }: Field): boolean => path.length === 1 && path[0] === 'key';

/** True for what no pair without a right row meets: it compares a field of the joined record with a value. */
function needsRight(condition: Expression): boolean {
  const isOfRight = (of: Expression): boolean => of.kind === 'Field' && of.scope === 'joined';
  const isValue = (of: Expression): boolean => of.kind === 'Lit' && of.value !== null;
  switch (condition.kind) {
    case 'Cmp': {
      const { op, left, right } = condition;
      return op !== '!=' && isOfRight(left) && isValue(right);
    }
    case 'Like':
      return isOfRight(condition.left) && isValue(condition.right);
    default:
      return false;
  }
}

/** The join, where only pairs with a right row meet the conditions one of those rows, and what is left to say of its pairs. */
function narrowed(join: Join, above: readonly Expression[]) {
  const right = above.filter(needsRight);
  const [first] = right;
  if (!first) return { join, above };
  const predicate = andOf(right.map(ofRight), first.span);
  const kept: Relation = { kind: 'Filter', input: join.right, predicate, span: first.span };
  return {
    join: { ...join, join: 'inner', right: kept } satisfies Join,
    above: above.filter((one) => !right.includes(one)),
  };
}

/**
 * Pairs of rows of two routes. How many rows meet a condition on JSON the database guesses, often as one, and on such a guess would look at
 * every right row for each of very many left ones. So the SQL leaves it no choice. By key each left row looks up its one right row
 * (LIMIT keeps that a look-up). By other fields, and where no left row is left out of a route as large as the right one, the sides are hashed or merged, since a full join can be done in no other way; the pairs
 * that are no part of the join are left out afterwards, by conditions of which PostgreSQL does not know that they make it another join.
 */
export function storedPairs(context: SqlContext, relation: Join | Filter, sizes: JoinSizes): StoredPairs {
  const under = joinUnder(relation);
  const { join: node, above } = narrowed(under.join, under.above);
  const table = (name: string): Table => ({ name, route: name, span: node.span });
  const names: Names = { kind: 'joined', left: table(storedRowsTable), right: table(joinedRowsTable) };
  const writer = writerFor(context, names, true);
  const left = identifier(context, storedRowsTable, node.span);
  const right = identifier(context, joinedRowsTable, node.span);
  const on = node.on.map(({ left: own, right: other }) => ({
    isByKey: isKey(asJoined(other)),
    equal: writeEqual(own, asJoined(other), writer),
  }));
  // All left rows of a route as large as the right one are quicker hashed.
  const isHashed = node.left.kind === 'Scan' && sizes.right <= sizes.left;
  const byKey = isHashed ? undefined : on.find(({ isByKey }) => isByKey);
  const rest = on.filter((one) => one !== byKey).map(({ equal }) => equal);
  const rows = { left: sideOf(context, node.left, left), right: sideOf(context, node.right, right) };
  const met = above.map((one) => writer.condition(one));
  if (byKey) {
    const word = node.join === 'left' ? 'LEFT' : 'INNER';
    const one = clause`LATERAL (SELECT * FROM ${rows.right} WHERE ${byKey.equal} LIMIT 1) AS ${right}`;
    const matched = rest.length > 0 ? allOf(rest) : atom`TRUE`;
    return { source: clause` FROM ${rows.left} ${word} JOIN ${one} ON ${matched}${where(met)}`, writer };
  }
  const there = [left, ...(node.join === 'left' ? [] : [right])].map(
    (name) => predicate`COALESCE(${name}."tx", 0) <> 0`,
  );
  return {
    source: clause` FROM ${rows.left} FULL JOIN ${rows.right} ON ${allOf(rest)}${where([...there, ...met])}`,
    writer,
  };
}

const where = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? clause`` : clause` WHERE ${allOf(conditions)}`;

/** All rows of a side, or those that meet its conditions. */
const sideOf = (context: SqlContext, side: Relation, name: Fragment): Fragment =>
  side.kind === 'Scan' ? name : clause`(${writeRelation(context, side)}) AS ${name}`;

/** The right field of a pair, as a field of the record that is joined. */
const asJoined = (field: Field): Field => (field.scope === 'joined' ? field : { ...field, scope: 'joined' });
