import { invariant, type Span } from '@drops/diagnostics';
import type { AggregateColumn, Expression, Field, FieldType, Path } from '@drops/ir';
import { identifier, type SqlContext } from './context.js';
import { atom, type Fragment } from './fragment.js';

/** A table or derived table in FROM. */
export interface Table {
  /** What its columns are qualified by. */
  readonly name: string;
  readonly route: string;
  readonly span: Span;
}

/** What a column of a picked or grouped row stands for, in the names it was written in. */
export type OutputColumn =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly names: Names }
  | { readonly kind: 'aggregate'; readonly aggregate: AggregateColumn; readonly names: Names };

/** What field names mean at some point of a query. */
export type Names =
  | { readonly kind: 'drop'; readonly table: Table }
  | { readonly kind: 'joined'; readonly left: Table; readonly right: Table }
  /** `rest`: a star put everything from there first. */
  | { readonly kind: 'columns'; readonly columns: ReadonlyMap<string, OutputColumn>; readonly rest?: Names }
  /** The flat rows of a derived table; `open` when a star gave them the columns of a table. */
  | { readonly kind: 'derived'; readonly table: string; readonly open: boolean }
  /** Flat rows of which is known what each column holds. */
  | { readonly kind: 'cells'; readonly cells: ReadonlyMap<string, Cell> };

/** A column: JSON of any type, or values of one type; a list is for showing only. */
export interface Cell {
  readonly column: Fragment;
  readonly kind: 'json' | 'number' | 'text' | 'time' | 'list';
}

/** Where a field is found. Several columns: the first that is not null. */
export type Place =
  | {
      readonly kind: 'columns';
      readonly columns: readonly Fragment[];
      readonly path: Path;
      readonly type: FieldType;
      /** The columns are JSON, so that a value of any type may stand there; with a path they always are. */
      readonly isJson?: boolean;
      /** The name of the result column that it is. */
      readonly alias?: Fragment;
    }
  | { readonly kind: 'created_at'; readonly column: Fragment }
  | { readonly kind: 'route'; readonly route: string }
  | { readonly kind: 'output'; readonly output: OutputColumn };

/** Names and how to write them: qualified wherever two tables, or an alias and a column, could be confused. */
export interface Scope {
  readonly names: Names;
  readonly qualified: boolean;
  /** After GROUP BY, where a product may want the grouped expressions word for word. */
  readonly grouped?: boolean;
}

function columnOf(context: SqlContext, table: Table | undefined, name: string, field: Field): Fragment {
  const column = identifier(context, name, field.span);
  return table ? atom`${identifier(context, table.name, field.span)}.${column}` : column;
}

/** Finds a field; UNSUPPORTED for what the tables do not hold. */
export function placeOf(context: SqlContext, field: Field, scope: Scope): Place {
  const { names } = scope;
  switch (names.kind) {
    case 'drop':
      return inTable(context, field, names.table, scope.qualified ? names.table : undefined);
    case 'joined':
      return inJoin(context, field, names.left, names.right);
    case 'columns':
      return inColumns(context, field, names, scope);
    case 'derived': {
      const [first, ...rest] = field.path;
      const name = names.open && first === 'key' ? '_key' : String(first);
      const column = identifier(context, name, field.span);
      const whole = scope.qualified
        ? atom`${identifier(context, names.table, field.span)}.${column}`
        : column;
      return { kind: 'columns', columns: [whole], path: rest, type: field.type };
    }
    case 'cells':
      return inCells(context, field, names.cells);
  }
}

function inCells(context: SqlContext, field: Field, cells: ReadonlyMap<string, Cell>): Place {
  const [first, ...path] = field.path;
  const cell = cells.get(String(first));
  if (!cell || cell.kind === 'list' || (cell.kind !== 'json' && path.length > 0))
    return context.refuse('this column', 'its type is not known', field.span);
  const { column, kind } = cell;
  if (kind === 'time') return { kind: 'created_at', column };
  return kind === 'json'
    ? { kind: 'columns', columns: [column], path, type: 'unknown', isJson: true }
    : { kind: 'columns', columns: [column], path, type: kind };
}

/** The columns of a value that is read out of JSON, whatever type it has; or nothing. */
export const jsonPlace = (place: Place): Extract<Place, { kind: 'columns' }> | undefined =>
  place.kind === 'columns' && (place.path.length > 0 || place.isJson === true) ? place : undefined;

function inTable(context: SqlContext, field: Field, table: Table, qualifier: Table | undefined): Place {
  const [first, ...rest] = field.path;
  const name = String(first);
  if (field.scope !== 'system') {
    return {
      kind: 'columns',
      columns: [columnOf(context, qualifier, name, field)],
      path: rest,
      type: field.type,
    };
  }
  switch (name) {
    case 'key':
      return {
        kind: 'columns',
        columns: [columnOf(context, qualifier, '_key', field)],
        path: [],
        type: 'text',
      };
    case 'created_at':
      return { kind: 'created_at', column: columnOf(context, qualifier, '_created_at', field) };
    case 'route':
      return { kind: 'route', route: table.route };
    default:
      return context.refuse(
        `the system column ${name}`,
        'an exported table has _key and _created_at only',
        field.span,
      );
  }
}

function inJoin(context: SqlContext, field: Field, left: Table, right: Table): Place {
  const [first, ...rest] = field.path;
  if (field.scope === 'system' || field.scope === 'payload') return inTable(context, field, left, left);
  if (field.scope === 'joined') {
    const name = field.path.length === 1 && first === 'key' ? '_key' : String(first);
    return {
      kind: 'columns',
      columns: [columnOf(context, right, name, field)],
      path: rest,
      type: field.type,
    };
  }
  if (context.eitherSide) {
    const sides = [left, right].map((table) => columnOf(context, table, String(first), field));
    const [ofLeft, ofRight] = sides;
    invariant(ofLeft && ofRight, 'a join has two sides');
    return {
      kind: 'columns',
      columns: [context.eitherSide(ofLeft, ofRight, rest)],
      path: rest,
      type: field.type,
    };
  }
  const tables = tablesOf(context, String(first), left, right);
  if (tables.length > 1) {
    context.fidelity.approximate(
      'a null on the left of a join is taken for missing, so the right side is read',
    );
  }
  const columns = tables.map((table) => columnOf(context, table, String(first), field));
  return { kind: 'columns', columns, path: rest, type: field.type };
}

/** The sides of a join that have a column: the left first. Without a schema the database finds the one that has it. */
function tablesOf(
  context: SqlContext,
  name: string,
  left: Table,
  right: Table,
): readonly (Table | undefined)[] {
  if (left.route === right.route) return [left, right];
  const inLeft = context.columns(left.route)?.includes(name);
  const inRight = context.columns(right.route)?.includes(name);
  if (inLeft === true) return inRight === false ? [left] : inRight === true ? [left, right] : [left];
  if (inRight === true && inLeft === false) return [right];
  context.fidelity.schema('a name without a table is a column of one side of the join only');
  return [undefined];
}

function inColumns(
  context: SqlContext,
  field: Field,
  names: Extract<Names, { kind: 'columns' }>,
  scope: Scope,
): Place {
  const [first, ...rest] = field.path;
  const output = names.columns.get(String(first));
  if (output?.kind === 'expression' && output.expression.kind === 'Field') {
    const inner: Field = {
      ...output.expression,
      path: [...output.expression.path, ...rest],
      span: field.span,
    };
    const place = placeOf(context, inner, { ...scope, names: output.names });
    const alias = rest.length === 0 ? identifier(context, String(first), field.span) : undefined;
    return place.kind === 'columns' && alias ? { ...place, alias } : place;
  }
  if (output) {
    if (rest.length > 0)
      context.refuse('a field inside a computed column', 'its type is not known', field.span);
    return { kind: 'output', output };
  }
  invariant(names.rest, `no column ${String(first)}`);
  return placeOf(context, throughStar(field, names.rest), { ...scope, names: names.rest });
}

/** A column that a star gave: a payload field, or the key. */
function throughStar(field: Field, below: Names): Field {
  if (below.kind === 'columns' || below.kind === 'derived') return field;
  const system = field.path.length === 1 && field.path[0] === 'key';
  return { ...field, scope: system ? 'system' : 'payload' };
}
