import { invariant } from '@drops/diagnostics';
import type { Field, Relation } from '@drops/ir';
import type { Block } from './block.js';
import type { SqlContext } from './context.js';
import { clause, type Fragment } from './fragment.js';
import type { Names, OutputColumn } from './names.js';
import { isSliced } from './block.js';
import { nestedPlace } from './in-json.js';
import type { SubqueryColumn, ValueKind, Writer } from './writer.js';

/** The writing of SELECTs, handed in so that files need no circle. */
export interface Selects {
  build(context: SqlContext, relation: Relation): Block;
  write(context: SqlContext, block: Block, wanted?: ValueKind): Fragment;
  writerFor(context: SqlContext, names: Names, qualified: boolean): Writer;
}

/** A query after `in`: only its first column counts. */
export function subqueryColumn(context: SqlContext, relation: Relation, selects: Selects): SubqueryColumn {
  const block = firstColumn(context, selects.build(context, relation));
  const column = block.names.kind === 'columns' ? [...block.names.columns.values()][0] : undefined;
  invariant(column, 'a sub-query without a column');
  const qualified = block.source.kind === 'join';
  const writer = selects.writerFor(context, column.names, qualified);
  const nested = column.kind === 'expression' && nestedPlace(column.expression, writer) !== undefined;
  const write = (of: Block, wanted?: ValueKind): Fragment => {
    const select = selects.write(context, of, wanted);
    return isSliced(of) && context.dialect.nestsSubqueries
      ? clause`SELECT * FROM (${select}) AS ${context.nextAlias()}`
      : select;
  };
  return {
    kind: column.kind === 'expression' ? writer.kindOf(column.expression) : 'unknown',
    nested,
    write: (wanted) => write(block, wanted),
    nulls: () => (isKey(column) ? undefined : nullRows(context, relation, selects, write)),
  };
}

/** An entity's key is never null. */
function isKey(column: OutputColumn): boolean {
  return (
    column.kind === 'expression' && column.expression.kind === 'Field' && column.expression.scope === 'system'
  );
}

/** The block with nothing but its first column. */
function firstColumn(context: SqlContext, block: Block): Block {
  const { names } = block;
  const first = names.kind === 'columns' && !names.rest ? [...names.columns][0] : undefined;
  if (!first) {
    return context.refuse(
      'this sub-query',
      'its first column is not known',
      block.span,
      'end it with pick and one field',
    );
  }
  return { ...block, names: { kind: 'columns', columns: new Map([first]) } };
}

/** The rows of the query whose first column is null. */
function nullRows(
  context: SqlContext,
  relation: Relation,
  selects: Selects,
  write: (block: Block) => Fragment,
): Fragment {
  const block = firstColumn(context, selects.build(context, relation));
  const as = block.names.kind === 'columns' ? [...block.names.columns.keys()][0] : undefined;
  invariant(as !== undefined, 'a sub-query without a column');
  const { span } = relation;
  const operand: Field = { kind: 'Field', scope: 'column', path: [as], type: 'unknown', span };
  const filtered: Relation = {
    kind: 'Filter',
    input: relation,
    predicate: { kind: 'Exists', operand, negated: true, span },
    span,
  };
  return write(firstColumn(context, selects.build(context, filtered)));
}
