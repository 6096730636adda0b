import { assertNever } from '@drops/diagnostics';
import type { Delete, Increment, NumberArgument, Put, TextArgument, WriteOperation } from '@drops/ir';
import { identifier, literal, type SqlContext } from './context.js';
import { atom, clause, join, operation, parameter, type Fragment } from './fragment.js';
import { payloadColumns, type Assignment } from './payload-columns.js';
import { writeJson } from './write-value.js';

/** A write on one entity or event, without the closing semicolon. */
export function writeOperation(context: SqlContext, node: WriteOperation): Fragment {
  switch (node.kind) {
    case 'Put':
      return writePut(context, node);
    case 'Delete':
      return writeDelete(context, node);
    case 'Increment':
      return writeIncrement(context, node);
    default:
      return assertNever(node);
  }
}

function keyValue(context: SqlContext, key: TextArgument, node: WriteOperation): Fragment {
  return typeof key === 'string' ? literal(context, key, node.span) : parameter(key.name);
}

function checkOptions(context: SqlContext, put: Put): void {
  if (put.ttl !== undefined) context.refuse('keep', 'the table has no column for an expiry', put.span);
  if (put.price !== undefined) context.refuse('price', 'the table has no column for a price', put.span);
  if (put.open) context.refuse('public', 'access is no matter of the table', put.span);
  if (put.condition?.kind === 'IfVersion') {
    context.refuse('if version', 'the table has no column for a version', put.condition.span);
  }
}

function writePut(context: SqlContext, put: Put): Fragment {
  checkOptions(context, put);
  context.fidelity.schema();
  const assignments = payloadColumns(context, put.payload);
  if (put.mode === 'merge' && put.key !== undefined) return writeMerge(context, put, put.key, assignments);
  context.fidelity.approximate('_created_at gets what the table gives it');
  const table = identifier(context, put.route, put.span);
  if (put.key === undefined) return insert(context, table, assignments);
  const key: Assignment = {
    column: identifier(context, '_key', put.span),
    value: keyValue(context, put.key, put),
  };
  const inserted = insert(context, table, [key, ...assignments]);
  // A second row of the same key is refused by the database: that is the conflict.
  if (put.condition?.kind === 'IfAbsent') return inserted;
  context.fidelity.approximate('columns that the payload does not name keep their values');
  return clause`${inserted}${onConflict(context, key.column, assignments)}`;
}

function insert(context: SqlContext, table: Fragment, assignments: readonly Assignment[]): Fragment {
  if (assignments.length === 0) return clause`INSERT INTO ${table} ${context.dialect.emptyInsert}`;
  const columns = join(
    assignments.map((a) => a.column),
    ', ',
  );
  return clause`INSERT INTO ${table} (${columns}) VALUES (${join(
    assignments.map((a) => a.value),
    ', ',
  )})`;
}

function onConflict(context: SqlContext, key: Fragment, assignments: readonly Assignment[]): Fragment {
  if (context.dialect.upsert === 'ON DUPLICATE KEY') {
    const columns = assignments.length === 0 ? [key] : assignments.map((a) => a.column);
    const sets = columns.map((c) => clause`${c} = VALUES(${c})`);
    return clause` ON DUPLICATE KEY UPDATE ${join(sets, ', ')}`;
  }
  if (assignments.length === 0) return clause` ON CONFLICT (${key}) DO NOTHING`;
  const sets = assignments.map(({ column }) => clause`${column} = EXCLUDED.${column}`);
  return clause` ON CONFLICT (${key}) DO UPDATE SET ${join(sets, ', ')}`;
}

/** `update`: the named columns change, null empties one. */
function writeMerge(
  context: SqlContext,
  put: Put,
  key: TextArgument,
  assignments: readonly Assignment[],
): Fragment {
  if (put.condition) context.refuse('if absent', 'an update needs a row', put.condition.span);
  const table = identifier(context, put.route, put.span);
  const keyColumn = identifier(context, '_key', put.span);
  const sets = assignments.length === 0 ? [{ column: keyColumn, value: keyColumn }] : assignments;
  const list = join(
    sets.map((s) => clause`${s.column} = ${s.value}`),
    ', ',
  );
  context.fidelity.schema('an update of what is not there changes nothing instead of failing');
  return clause`UPDATE ${table} SET ${list} WHERE ${keyColumn} = ${keyValue(context, key, put)}`;
}

function writeDelete(context: SqlContext, node: Delete): Fragment {
  if (node.condition) {
    context.refuse('this condition', 'the table has no column for a version', node.condition.span);
  }
  const key = identifier(context, '_key', node.span);
  context.fidelity.schema('removing what is not there does nothing instead of failing');
  return clause`DELETE FROM ${identifier(context, node.route, node.span)} WHERE ${key} = ${keyValue(context, node.key, node)}`;
}

function deltaOf(context: SqlContext, delta: NumberArgument, negative: boolean, node: Increment): Fragment {
  if (typeof delta === 'number') return writeJson(context, negative ? 0 - delta : delta, node.span);
  return negative ? operation`-${parameter(delta.name)}` : parameter(delta.name);
}

/** `add`: the row is made when it is not there, the column counts from 0. */
function writeIncrement(context: SqlContext, node: Increment): Fragment {
  const [field, ...rest] = node.path;
  if (typeof field !== 'string' || rest.length > 0) {
    return context.refuse('a counter inside a JSON column', 'it is no column of its own', node.span);
  }
  const table = identifier(context, node.route, node.span);
  const column = identifier(context, field, node.span);
  const key = { column: identifier(context, '_key', node.span), value: keyValue(context, node.key, node) };
  const inserted = insert(context, table, [
    key,
    { column, value: deltaOf(context, node.delta, node.negative, node) },
  ]);
  context.fidelity.schema();
  if (context.dialect.upsert === 'ON DUPLICATE KEY') {
    return clause`${inserted} ON DUPLICATE KEY UPDATE ${column} = COALESCE(${column}, 0) + VALUES(${column})`;
  }
  const sum = atom`COALESCE(${table}.${column}, 0) + EXCLUDED.${column}`;
  return clause`${inserted} ON CONFLICT (${key.column}) DO UPDATE SET ${column} = ${sum}`;
}
