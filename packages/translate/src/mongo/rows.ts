import { assertNever, invariant } from '@drops/diagnostics';
import type { Expression, Field, Path } from '@drops/ir';
import { checkedName, type MongoContext } from './context.js';
import { choose, constant, type MongoValue } from './script.js';

/** What is certain of a value besides that it may be null. */
export type MongoKind = 'text' | 'number' | 'boolean' | 'json' | 'null' | 'unknown';

/** A column of a document that `$group` made. */
export interface GroupedColumn {
  /** Where in the document. */
  readonly path: string;
  readonly kind: MongoKind;
  /** It may be an array or object. */
  readonly composite: boolean;
  /** The value of the column, from what stands there. */
  finish(stored: MongoValue): MongoValue;
}

/** What the documents of a pipeline stand for at some point. */
export type MongoRow =
  | { readonly kind: 'drop'; readonly route: string }
  /** The left document under `l`, the right one, if any, under `r`. */
  | { readonly kind: 'joined'; readonly left: MongoRow; readonly right: MongoRow }
  /** Picked columns are written when they are read, so the document below stays whole for what orders it. */
  | {
      readonly kind: 'flat';
      readonly below: MongoRow;
      readonly star: boolean;
      readonly columns: ReadonlyMap<string, Expression>;
    }
  | {
      readonly kind: 'group';
      readonly columns: ReadonlyMap<string, GroupedColumn>;
      readonly keys: readonly string[];
    };

/** A field of a row: an expression among the names below it, or a place in a document. */
export type Found =
  | { readonly kind: 'place'; readonly base: string; readonly path: Path; readonly system: boolean }
  | { readonly kind: 'route'; readonly route: string }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly row: MongoRow;
      readonly base: string;
      readonly path: Path;
    }
  | { readonly kind: 'grouped'; readonly column: GroupedColumn; readonly base: string; readonly path: Path }
  /** The first of these that is not missing. */
  | { readonly kind: 'first'; readonly found: readonly Found[] }
  | { readonly kind: 'missing' };

/** Adds a name to the place of a document inside the document. */
export function under(base: string, name: string): string {
  return base === '' ? name : `${base}.${name}`;
}

/** `$name`, or the whole document. */
export function referenceTo(base: string): string {
  return base === '' ? '$$ROOT' : `$${base}`;
}

/** Finds what a field of a row is. UNSUPPORTED for what no document holds. */
export function findField(context: MongoContext, field: Field, row: MongoRow, base: string): Found {
  switch (row.kind) {
    case 'drop':
      return inDrop(context, field, row.route, base);
    case 'joined': {
      if (field.scope === 'joined') return { kind: 'first', found: records(field, row, base) };
      const own = findField(context, field, row.left, under(base, 'l'));
      if (field.scope !== 'either') return own;
      return { kind: 'first', found: [own, ...records(field, row, base)] };
    }
    case 'flat':
    case 'group':
      return field.scope === 'joined' ? { kind: 'missing' } : columnOf(row, base, field.path);
    default:
      return assertNever(row);
  }
}

function inDrop(context: MongoContext, field: Field, route: string, base: string): Found {
  if (field.scope === 'joined') return { kind: 'missing' };
  if (field.scope !== 'system') return { kind: 'place', base, path: field.path, system: false };
  switch (field.path[0]) {
    case 'key':
      return { kind: 'place', base, path: ['_key'], system: true };
    case 'created_at':
      return { kind: 'place', base, path: ['_created_at'], system: true };
    case 'route':
      return { kind: 'route', route };
    default:
      return context.refuse(
        `the system column ${String(field.path[0])}`,
        'an exported document has _key and _created_at only',
        field.span,
      );
  }
}

/** A name in the joined records: the newest first. */
function records(field: Field, row: Extract<MongoRow, { kind: 'joined' }>, base: string): readonly Found[] {
  const own = recordOf(field.path, row.right, under(base, 'r'));
  return row.left.kind === 'joined' ? [own, ...records(field, row.left, under(base, 'l'))] : [own];
}

/** A name in a record: its fields and its key. */
function recordOf(path: Path, row: MongoRow, base: string): Found {
  if (row.kind === 'flat' || row.kind === 'group') return columnOf(row, base, path);
  const [first] = path;
  if (path.length === 1 && first === 'key') return { kind: 'place', base, path: ['_key'], system: true };
  return { kind: 'place', base, path, system: false };
}

function columnOf(row: Extract<MongoRow, { kind: 'flat' | 'group' }>, base: string, path: Path): Found {
  const [first, ...rest] = path;
  const name = String(first);
  if (row.kind === 'group') {
    const column = row.columns.get(name);
    return column ? { kind: 'grouped', column, base, path: rest } : { kind: 'missing' };
  }
  const expression = row.columns.get(name);
  if (expression) return { kind: 'expression', expression, row: row.below, base, path: rest };
  if (!row.star) return { kind: 'missing' };
  return row.below.kind === 'joined'
    ? recordOf(path, row.below.left, under(base, 'l'))
    : recordOf(path, row.below, base);
}

const plainName = /^[^.$][^.]*$/;

/** Reads on inside a value: a name of an object, a place of an array, else missing. */
export function readPath(context: MongoContext, from: MongoValue, path: Path, field: Field): MongoValue {
  return path.reduce<MongoValue>((input, step) => {
    if (typeof step === 'number') {
      return choose({ $isArray: [input] }, { $arrayElemAt: [input, step] }, null);
    }
    return { $getField: { field: constant(checkedName(context, step, field.span)), input } };
  }, from);
}

/** Reads a place of a document: a dotted path would look into arrays, `$getField` does not. */
export function readPlace(context: MongoContext, base: string, path: Path, field: Field): MongoValue {
  const [first, ...rest] = path;
  invariant(first !== undefined, 'a field without a path');
  if (typeof first === 'number') return null;
  const name = checkedName(context, first, field.span);
  const top: MongoValue = plainName.test(name)
    ? `$${under(base, name)}`
    : { $getField: { field: constant(name), input: referenceTo(base) } };
  return readPath(context, top, rest, field);
}
