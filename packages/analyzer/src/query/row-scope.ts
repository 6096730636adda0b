import { didYouMean, fail } from '@drops/diagnostics';
import {
  columnsOf,
  pathText,
  rowShape,
  type Columns,
  type Field,
  type FieldScope,
  type FieldType,
  type Path,
  type Pattern,
  type Relation,
} from '@drops/ir';
import type { FieldName } from '@drops/syntax';
import type { Catalog } from '../catalog.js';

/** What the names of fields mean over the rows of a relation. */
export type RowScope =
  /** `scored`: results of a search, whose `score` is a column of them. */
  | { readonly kind: 'drop'; readonly pattern: Pattern | undefined; readonly scored?: boolean }
  | { readonly kind: 'joined'; readonly pattern: Pattern | undefined; readonly scored?: boolean }
  | { readonly kind: 'flat'; readonly columns: Columns };

const systemTypes: ReadonlyMap<string, FieldType> = new Map([
  ['key', 'text'],
  ['created_at', 'date'],
  ['drop_id', 'text'],
  ['route', 'text'],
  ['source', 'text'],
]);

/** The pattern of the one route that a relation's (left) rows come from. */
function patternOf(relation: Relation, catalog: Catalog): Pattern | undefined {
  switch (relation.kind) {
    case 'Scan':
      return relation.subtree ? undefined : catalog.pattern(relation.route);
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return patternOf(relation.input, catalog);
    case 'Join':
      return patternOf(relation.left, catalog);
    default:
      return undefined;
  }
}

/** True for results of a search. */
function isScored(relation: Relation): boolean {
  switch (relation.kind) {
    case 'Search':
      return true;
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return isScored(relation.input);
    case 'Join':
      return isScored(relation.left);
    default:
      return false;
  }
}

/** The scope of the rows that a relation yields. */
export function scopeOf(relation: Relation, catalog: Catalog): RowScope {
  const shape = rowShape(relation);
  if (shape === 'flat') return { kind: 'flat', columns: columnsOf(relation) ?? { names: [], open: true } };
  return { kind: shape, pattern: patternOf(relation, catalog), scored: isScored(relation) };
}

function typeOfPath(path: Path, pattern: Pattern | undefined): FieldType {
  const rule = path.length === 1 ? pattern?.fields.find((f) => f.name === path[0]) : undefined;
  return rule === undefined ? 'unknown' : rule.array ? 'array' : rule.type;
}

/** True for a bare name of a system column. */
function systemTypeOf(name: FieldName, scored: boolean): FieldType | undefined {
  const [first] = name.path;
  if (name.payload || name.path.length !== 1 || typeof first !== 'string') return undefined;
  return scored && first === 'score' ? 'number' : systemTypes.get(first);
}

/**
 * A field name as the field it means. System columns are bare names; everything else is payload.
 * In the clauses and pipes of a search `score` is such a column too.
 * After a join, names are looked up left, then right; `_joined.x` is the right. After a group or pick,
 * names are columns, and an unknown one is a TYPE_ERROR.
 */
export function resolveField(name: FieldName, scope: RowScope): Field {
  if (scope.kind === 'flat') return columnField(name, scope.columns);
  const { span } = name;
  const system = systemTypeOf(name, scope.scored === true);
  if (system !== undefined) return { kind: 'Field', scope: 'system', path: name.path, type: system, span };
  if (scope.kind === 'joined' && !name.payload && name.path[0] === '_joined') {
    return { kind: 'Field', scope: 'joined', path: name.path.slice(1), type: 'unknown', span };
  }
  const where: FieldScope = scope.kind === 'joined' && !name.payload ? 'either' : 'payload';
  return { kind: 'Field', scope: where, path: name.path, type: typeOfPath(name.path, scope.pattern), span };
}

function columnField(name: FieldName, columns: Columns): Field {
  const { span } = name;
  const whole = pathText(name.path);
  const known = (column: string): boolean => columns.names.includes(column);
  const [first] = name.path;
  const path: Path | undefined = known(whole)
    ? [whole]
    : columns.open || (typeof first === 'string' && known(first))
      ? name.path
      : undefined;
  if (path === undefined) failColumn(whole, columns, name);
  return { kind: 'Field', scope: 'column', path, type: 'unknown', span };
}

function failColumn(wanted: string, columns: Columns, name: FieldName): never {
  const list = columns.names.join(', ');
  fail('TYPE_ERROR', `there is no column '${wanted}' here; the columns are ${list}`, {
    span: name.span,
    hint: didYouMean(wanted, columns.names) ?? 'after a group or a pick only its columns are left',
  });
}

/** A field of the right side of a join condition: `key` is the right route's key. */
export function resolveJoined(name: FieldName): Field {
  return { kind: 'Field', scope: 'joined', path: name.path, type: 'unknown', span: name.span };
}
