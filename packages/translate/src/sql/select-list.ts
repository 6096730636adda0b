import type { Span } from '@drops/diagnostics';
import type { Block } from './block.js';
import { identifier, type SqlContext } from './context.js';
import { atom, clause, join, plainText, type Fragment } from './fragment.js';
import type { Names, OutputColumn } from './names.js';
import { groupedValue, writeAggregate } from './write-aggregate.js';
import type { ValueKind, Writer } from './writer.js';

/** Makes a writer among some names, as the block around it qualifies them. */
export type Among = (names: Names) => Writer;

/** What stands after SELECT. */
export function selectList(context: SqlContext, block: Block, among: Among, wanted?: ValueKind): Fragment {
  const { names } = block;
  switch (names.kind) {
    case 'joined':
      context.fidelity.approximate('the columns of the joined table stand beside the others, not in _joined');
      return joinedColumns(context, block, names);
    case 'drop':
    case 'derived':
    case 'cells':
      return atom`*`;
    case 'columns': {
      const star = names.rest ? [starOf(context, names.rest, block.span)] : [];
      const columns = [...names.columns].map(([as, column]) => {
        const written = outputValue(column, block, among, wanted);
        return labelled(context, written, as, block.span);
      });
      return join([...star, ...columns], ', ');
    }
  }
}

/** Everything, or the left row and what `select` names of the right one. */
function joinedColumns(
  context: SqlContext,
  block: Block,
  names: Extract<Names, { kind: 'joined' }>,
): Fragment {
  const select = block.source.kind === 'join' ? block.source.join.select : undefined;
  if (!select) return atom`*`;
  const { span } = block;
  const columns = select.map((path) => {
    if (path.length > 1) context.refuse('a nested field of the joined record', 'select names columns', span);
    const name = path[0] === 'key' ? '_key' : String(path[0]);
    return atom`${identifier(context, names.right.name, span)}.${identifier(context, name, span)}`;
  });
  return join([atom`${identifier(context, names.left.name, span)}.*`, ...columns], ', ');
}

function starOf(context: SqlContext, names: Names, span: Span): Fragment {
  context.fidelity.schema('the star gives _key and _created_at as well');
  return names.kind === 'joined' ? atom`${identifier(context, names.left.name, span)}.*` : atom`*`;
}

/** A column of the result. */
export function outputValue(column: OutputColumn, block: Block, among: Among, wanted?: ValueKind): Fragment {
  const writer = among(column.names);
  if (column.kind === 'aggregate') return writeAggregate(column.aggregate, writer);
  if (block.group) return groupedValue(column.expression, writer);
  const kind = writer.kindOf(column.expression);
  return writer.value(column.expression, wanted ?? kind);
}

/** `… AS "name"`, or the column alone where that is its name already. */
function labelled(context: SqlContext, written: Fragment, as: string, span: Span): Fragment {
  const label = identifier(context, as, span);
  const text = plainText(written);
  const own = plainText(label);
  return text !== undefined && text === own ? written : clause`${written} AS ${label}`;
}
