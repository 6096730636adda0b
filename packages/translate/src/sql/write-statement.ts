import type { DefineView, ForEach, Plan, Query, Relation } from '@drops/ir';
import { isSliced, type Block } from './block.js';
import { buildBlock } from './build-block.js';
import { identifier, type SqlContext } from './context.js';
import { atom, clause, join, type Fragment } from './fragment.js';
import { sentences } from '../sentences.js';
import { withoutLimit } from '../without-limit.js';
import { writeOperation } from './write-operation.js';
import { writeConditions, writeRelation, writerFor } from './write-select.js';

/** A plan as SQL statements, each to be closed by a semicolon. UNSUPPORTED for what SQL cannot say. */
export function writeStatements(context: SqlContext, plan: Plan): readonly Fragment[] {
  switch (plan.kind) {
    case 'Query':
      return [writeQuery(context, plan)];
    case 'Put':
    case 'Delete':
    case 'Increment':
      return [writeOperation(context, plan)];
    case 'Batch':
      return [atom`BEGIN`, ...plan.operations.map((o) => writeOperation(context, o)), atom`COMMIT`];
    case 'ForEach':
      return [writeForEach(context, plan)];
    case 'DefineView':
      return writeView(context, plan);
    case 'Invoke':
      return context.refuse(`${plan.service} ${plan.verb}`, 'a database does not do that', plan.span);
    default:
      return context.refuse(sentences[plan.kind], 'it is no question about the rows of a table', plan.span);
  }
}

function writeQuery(context: SqlContext, query: Query): Fragment {
  if (query.shape === 'versions')
    context.refuse('history', 'a table holds the current rows only', query.span);
  if (query.shape === 'drop') return writeRelation(context, withoutLimit(query.relation));
  if (query.shape === 'keys') return writeRelation(context, inKeyOrder(query.relation));
  return writeRelation(context, query.relation);
}

/** `list` gives keys in key order. */
function inKeyOrder(relation: Relation): Relation {
  if (relation.kind === 'Slice') return { ...relation, input: inKeyOrder(relation.input) };
  if (relation.kind !== 'Scan' && relation.kind !== 'Filter') return relation;
  const { span } = relation;
  const key = { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span } as const;
  return { kind: 'Sort', input: relation, keys: [{ expression: key, descending: false }], span };
}

function writeView(context: SqlContext, view: DefineView): readonly Fragment[] {
  const name = identifier(context, view.name, view.span);
  const block = buildBlock(context, view.relation);
  if (block.names.kind === 'joined') {
    context.refuse('a view over a join', 'both tables have columns of the same name', view.span);
  }
  const select = writeRelation(context, view.relation);
  if (context.dialect.replacesViews) return [clause`CREATE OR REPLACE VIEW ${name} AS ${select}`];
  return [clause`DROP VIEW IF EXISTS ${name}`, clause`CREATE VIEW ${name} AS ${select}`];
}

function writeForEach(context: SqlContext, node: ForEach): Fragment {
  const { effect } = node;
  switch (effect.kind) {
    case 'RemoveEach':
      return writeRemove(context, node);
    case 'SaveEach':
    case 'SaveAll':
      return context.refuse(
        'a save of the rows found',
        'the columns of the two tables are not known',
        effect.span,
      );
    case 'InvokeEach':
      return context.refuse(`${effect.service} ${effect.verb}`, 'a database does not do that', effect.span);
  }
}

/** `DELETE` of the rows a query finds; of a part of them by key. */
function writeRemove(context: SqlContext, node: ForEach): Fragment {
  const block = buildBlock(context, node.input);
  if (block.names.kind !== 'drop') {
    return context.refuse('a removal of these rows', 'they are no rows of one table', node.span);
  }
  const table = identifier(context, block.names.table.route, node.span);
  const whole = block.source.kind === 'table' && !isSliced(block);
  if (whole) {
    const where = writeConditions('WHERE', block.where, (names) => writerFor(context, names, false));
    return join([clause`DELETE FROM ${table}`, ...where], '');
  }
  context.fidelity.approximate('rows without a key stay');
  return clause`DELETE FROM ${table} WHERE ${identifier(context, '_key', node.span)} IN (${keysOf(context, node, block)})`;
}

function keysOf(context: SqlContext, node: ForEach, block: Block): Fragment {
  const { span } = node;
  const expression = { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span } as const;
  const keys: Relation = {
    kind: 'Project',
    input: node.input,
    star: false,
    items: [{ expression, as: '_key' }],
    span,
  };
  const select = writeRelation(context, keys);
  return isSliced(block) && context.dialect.nestsSubqueries
    ? clause`SELECT * FROM (${select}) AS ${context.nextAlias()}`
    : select;
}
