import type { Expression, Field } from '@drops/ir';
import { rewriteOwn } from '../expression-tree.js';
import type { GroupRows, ProjectRows } from '../physical-plan.js';
import { shapeOf } from '../row-shape.js';

/** What stands for a column below the node that made it, or undefined when it cannot be read there. */
export type ColumnSource = (field: Field) => Expression | undefined;

/** The expression continued along the rest of a path: only fields can be walked further. */
function along(source: Expression, field: Field): Expression | undefined {
  const rest = field.path.slice(1);
  if (rest.length === 0) return source;
  return source.kind === 'Field'
    ? { ...source, path: [...source.path, ...rest], span: field.span }
    : undefined;
}

/** Columns of a projection: its items, else (under a star) what the input calls by that name. */
export function projectedSource(project: ProjectRows): ColumnSource {
  const input = shapeOf(project.input);
  return (field) => {
    const [name] = field.path;
    const item = project.items.findLast((i) => i.as === name);
    if (item) return along(item.expression, field);
    if (!project.star) return undefined;
    if (input.kind === 'flat') return field;
    // The star of a join takes the left payload; over flat rows on its left that is another matter.
    if (input.kind === 'joined' && input.left.kind !== 'drops') return undefined;
    if (name === 'key') return along({ ...field, scope: 'system', path: ['key'] }, field);
    return { ...field, scope: 'payload' };
  };
}

/** Columns of a group that are group values; aggregates have no source in one row. */
export function groupedSource(group: GroupRows): ColumnSource {
  return (field) => {
    const column = group.by?.find((c) => c.as === field.path[0]);
    return column && along(column.expression, field);
  };
}

/** The expression with its columns replaced by their sources; undefined when one has none. */
export function substituteColumns(expression: Expression, source: ColumnSource): Expression | undefined {
  let complete = true;
  const replaced = rewriteOwn(expression, (e) => {
    if (e.kind !== 'Field') return e;
    const found = source(e);
    if (!found) complete = false;
    return found ?? e;
  });
  return complete ? replaced : undefined;
}
