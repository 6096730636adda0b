import { didYouMean, fail, type Span } from '@drops/diagnostics';
import { rowShape, type Field, type Relation } from '@drops/ir';
import type { ColumnRef, Node } from '@pgsql/types';
import type { Catalog } from '../catalog.js';
import { resolveField, resolveJoined, scopeOf } from '../query/row-scope.js';
import type { SqlPlaces } from './places.js';

/**
 * A table of FROM and how its columns are reached. `own`: the rows themselves. `right`: the record joined last.
 * `kept`: columns of an earlier table, which stand in flat rows under `alias.column`.
 */
export interface SqlTable {
  readonly alias: string;
  readonly reach: 'own' | 'right' | 'kept';
}

/** What the names of a SELECT mean. */
export interface SqlScope {
  readonly relation: Relation;
  readonly tables: readonly SqlTable[];
  readonly catalog: Catalog;
  readonly places: SqlPlaces;
  /** After GROUP BY: the column that stands for an expression, by `textOf`; any other name is refused. */
  readonly grouped?: ReadonlyMap<string, string>;
}

/** A tree as text without its places: equal for expressions that are written alike. */
export function textOf(node: Node): string {
  return JSON.stringify(node, (name, value: unknown) => (name === 'location' ? undefined : value));
}

/** The parts of a name: `o.city` → o, city. A star is `*`. */
export function partsOf(ref: ColumnRef): readonly string[] {
  return (ref.fields ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : '*'));
}

/** A column of a grouped or derived row. */
export function columnField(name: string, span: Span): Field {
  return { kind: 'Field', scope: 'column', path: [name], type: 'unknown', span };
}

const systemColumns: ReadonlyMap<string, string> = new Map([
  ['_key', 'key'],
  ['_created_at', 'created_at'],
]);

function ownField(name: string, { relation, catalog }: SqlScope, span: Span): Field {
  const scope = scopeOf(relation, catalog);
  if (scope.kind === 'flat') {
    const { names, open } = scope.columns;
    const known = names.includes(name) ? name : open && name === '_key' ? 'key' : name;
    if (open || names.includes(known)) return columnField(known, span);
    fail('SQL_ERROR', `there is no column ${name} here; the columns are ${names.join(', ')}`, {
      span,
      hint: didYouMean(name, names),
    });
  }
  const system = systemColumns.get(name);
  return resolveField(
    { kind: 'FieldName', path: [system ?? name], payload: system === undefined, span },
    scope,
  );
}

function rightField(name: string, span: Span): Field {
  if (name === '_created_at') {
    fail('SQL_ERROR', 'of a joined table there are its fields and _key, not _created_at', { span });
  }
  const path = name === '_key' ? 'key' : name;
  return resolveJoined({ kind: 'FieldName', path: [path], payload: true, span });
}

/** A name after a join that does not say of which table: the left one's, else the right one's. */
function eitherField(name: string, scope: SqlScope, span: Span): Field {
  const ambiguous = systemColumns.has(name) || scope.tables.length > 2;
  if (ambiguous) {
    fail('SQL_ERROR', `the column ${name} is of more than one table`, {
      span,
      hint: `write ${scope.tables.map(({ alias }) => `${alias}.${name}`).join(' or ')}`,
    });
  }
  const { relation, catalog } = scope;
  return resolveField({ kind: 'FieldName', path: [name], payload: false, span }, scopeOf(relation, catalog));
}

/** True for names that Drops reads as columns of the drop itself. */
const bareSystemNames: ReadonlySet<string> = new Set(['key', 'created_at', 'drop_id', 'route', 'source']);

/** The field that a column name means; SQL_ERROR with the place for what is none. */
export function columnOf(ref: ColumnRef, scope: SqlScope): Field {
  const span = scope.places.of({ ColumnRef: ref });
  const [first = '', second, ...others] = partsOf(ref);
  if (others.length > 0) fail('SQL_ERROR', 'a column is written column or table.column', { span });
  if (second === undefined) {
    if (rowShape(scope.relation) !== 'joined') return ownField(first, scope, span);
    if (!bareSystemNames.has(first)) return eitherField(first, scope, span);
    fail('SQL_ERROR', `the column ${first} needs the name of its table`, {
      span,
      hint: `write ${scope.tables.map(({ alias }) => `${alias}.${first}`).join(' or ')}`,
    });
  }
  const table = scope.tables.find(({ alias }) => alias === first);
  if (!table) {
    const aliases = scope.tables.map(({ alias }) => alias);
    fail('SQL_ERROR', `there is no table ${first} in FROM`, {
      span,
      hint: didYouMean(first, aliases) ?? `a field within a field is written ${first}->'${second}'`,
    });
  }
  switch (table.reach) {
    case 'right':
      return rightField(second, span);
    case 'own':
      return ownField(second, scope, span);
    case 'kept': {
      const name = `${table.alias}.${second}`;
      return rowShape(scope.relation) === 'joined'
        ? { kind: 'Field', scope: 'payload', path: [name], type: 'unknown', span }
        : columnField(name, span);
    }
  }
}
