import { invariant } from '@drops/diagnostics';
import { accessKey, payloadValue, type Expression, type Field } from '@drops/ir';
import { columnsOfField, fieldsOf, type ColumnRoute, type ColumnTable } from '@drops/planner';
import type { ColumnName, RouteColumns, Snapshot } from '@drops/store';
import { dropRow, type Row } from '../row.js';
import { pairOf } from '../operators/hash-join.js';
import type { Visible } from '../operators/access.js';
import { compileOver, type ExpressionContext } from '../expressions/compile.js';
import { firstOf, gather, matchKeys, type Matches } from './gather.js';
import { copyMask, emptyMask, fullMask, giveMask, type Mask } from './masks.js';
import { narrowBy, onlyField } from './narrow.js';
import { selectRows, type Selection } from './selection.js';
import { onlyCodes, vectorOf, type CellReader, type Vector } from './vector.js';

/** What frames need of a run. */
export interface FrameContext {
  readonly snapshot: Snapshot;
  readonly expressions: ExpressionContext;
  readonly visible: Visible | undefined;
}

/** The rows of a table as vectors, an ordinal of the left route a row. */
export interface Frame {
  readonly size: number;
  readonly vector: (field: Field) => Vector;
  /** An expression by ordinal. */
  readonly reader: (expression: Expression) => CellReader;
  /** The rows of the table, in the order of the route or where that is no matter by ordinal. */
  readonly select: (ordered: boolean) => Selection;
  readonly row: (ordinal: number) => Row;
  readonly release: () => void;
}

/** Fields of the drop's own columns by the name of their column. */
const nameOf = (field: Field, isSystem: boolean): ColumnName =>
  isSystem ? { system: field.path[0] === 'key' ? 'key' : 'created_at' } : { path: field.path };

/** In a joined record `key` is the key of the drop, whatever its payload says. */
const isRecordKey = (field: Field): boolean => field.path.length === 1 && field.path[0] === 'key';

/** The columns of one route, found by name. */
interface Side {
  readonly handle: RouteColumns;
  readonly vector: (name: ColumnName) => Vector;
}

function openSide(snapshot: Snapshot, route: string, wanted: readonly ColumnName[]): Side | undefined {
  const names = new Map(wanted.map((name) => [JSON.stringify(name), name]));
  const handle = snapshot.columns?.(route, [...names.values()]);
  if (!handle) return undefined;
  const vectors = new Map<string, Vector>();
  [...names].forEach(([text, name], i) => {
    const column = handle.columns[i];
    invariant(column, 'a column that the store did not give');
    const other: CellReader = (ordinal) =>
      'path' in name ? payloadValue(handle.drop(ordinal).payload, name.path) : undefined;
    vectors.set(text, vectorOf(column, other));
  });
  return {
    handle,
    vector(name) {
      const vector = vectors.get(JSON.stringify(name));
      invariant(vector, 'a column that was not asked for');
      return vector;
    },
  };
}

/** The rows of a route that may be seen and that its predicate keeps; undefined: all of them. */
function maskOf(
  side: Side,
  { route, rows, predicate }: ColumnRoute,
  context: FrameContext,
): Mask | undefined {
  const { handle } = side;
  const { size, live } = handle;
  if (context.visible?.(route) === false) return emptyMask(size);
  const access = handle.ordinalOf(accessKey);
  const entities = rows === 'entities' ? handle.entities : undefined;
  if (!predicate && !live && !entities && access === undefined) return undefined;
  const mask = live ? copyMask(live.subarray(0, size)) : fullMask(size);
  if (entities) for (let i = 0; i < size; i += 1) mask[i] = (mask[i] ?? 0) & (entities[i] ?? 0);
  if (access !== undefined) mask[access] = 0;
  if (predicate)
    narrowBy(predicate, (f) => side.vector(nameOf(f, f.scope === 'system')), context.expressions)(mask);
  return mask;
}

const leftNames = (fields: readonly Field[]): readonly ColumnName[] =>
  fields.filter((f) => columnsOfField(f, true)?.left === true).map((f) => nameOf(f, f.scope === 'system'));
const rightNames = (fields: readonly Field[]): readonly ColumnName[] =>
  fields.filter((f) => columnsOfField(f, true)?.right === true).map((f) => nameOf(f, isRecordKey(f)));

const fieldsIn = (expression: Expression | undefined): readonly Field[] =>
  expression ? fieldsOf(expression) : [];

/** Opens the columns that a table and some expressions over it read; undefined when the store has none at hand. */
export function openFrame(
  table: ColumnTable,
  read: readonly Expression[],
  context: FrameContext,
): Frame | undefined {
  const { joined } = table;
  const above = [...read.flatMap(fieldsOf), ...fieldsIn(joined?.predicate)];
  const own = [...fieldsIn(table.left.predicate), ...fieldsIn(joined?.key)];
  const left = openSide(context.snapshot, table.left.route, leftNames([...own, ...above]));
  if (!left) return undefined;
  if (!joined) return frameOf(table, left, undefined, context);
  const ofRight = fieldsIn(joined.right.predicate);
  const names = [...ofRight.map((f) => nameOf(f, f.scope === 'system')), ...rightNames(above)];
  const right = openSide(context.snapshot, joined.right.route, names);
  if (right) return frameOf(table, left, right, context);
  left.handle.release();
  return undefined;
}

function frameOf(table: ColumnTable, left: Side, right: Side | undefined, context: FrameContext): Frame {
  const { joined } = table;
  const { size } = left.handle;
  const matches = joined && right ? matchesOf(joined, left, right, context) : undefined;
  const known = new Map<string, Vector>();

  const find = (field: Field): Vector => {
    const ownOf = () => left.vector(nameOf(field, field.scope === 'system'));
    if (!matches || !right || field.scope === 'payload' || field.scope === 'system') return ownOf();
    const joinedOf = () => gather(right.vector(nameOf(field, isRecordKey(field))), matches);
    return field.scope === 'joined' ? joinedOf() : firstOf(ownOf(), joinedOf(), size);
  };
  const vector = (field: Field): Vector => {
    const name = JSON.stringify([field.scope, ...field.path]);
    const found = known.get(name) ?? find(field);
    known.set(name, found);
    return found;
  };

  const mask = (): Mask | undefined => {
    const kept = maskOf(left, table.left, context);
    const drops = joined?.join === 'inner' && matches && !matches.complete;
    if (!drops && !joined?.predicate) return kept;
    const narrowed = kept ?? fullMask(size);
    if (drops) for (let i = 0; i < size; i += 1) if ((matches.of[i] ?? 0) < 0) narrowed[i] = 0;
    if (joined?.predicate) narrowBy(joined.predicate, vector, context.expressions)(narrowed);
    return narrowed;
  };

  return {
    size,
    vector,
    reader: (expression) => readerOf(expression, vector, context.expressions),
    select(ordered) {
      const kept = mask();
      const selection = selectRows(kept, size, ordered ? left.handle.order() : undefined);
      if (kept) giveMask(kept);
      return selection;
    },
    row(ordinal) {
      const row = dropRow(left.handle.drop(ordinal));
      const match = matches?.of[ordinal] ?? -1;
      return right && match >= 0 ? pairOf(row, dropRow(right.handle.drop(match))) : row;
    },
    release() {
      left.handle.release();
      right?.handle.release();
    },
  };
}

function matchesOf(
  joined: NonNullable<ColumnTable['joined']>,
  left: Side,
  right: Side,
  context: FrameContext,
): Matches {
  const readable = context.visible?.(joined.right.route) !== false;
  const mask = joined.right.predicate || !readable ? maskOf(right, joined.right, context) : undefined;
  const key = left.vector(nameOf(joined.key, joined.key.scope === 'system'));
  const matches = matchKeys(key, left.handle.size, right.handle, mask);
  if (mask) giveMask(mask);
  return matches;
}

/** An expression by ordinal; one of a single text is evaluated once for each of them. */
function readerOf(
  expression: Expression,
  vector: (field: Field) => Vector,
  context: ExpressionContext,
): CellReader {
  if (expression.kind === 'Field') return vector(expression).read;
  const field = onlyField(expression);
  const codes = field && onlyCodes(vector(field).column);
  if (!field || !codes) return compileOver<number>(expression, context, (f) => vector(f).read);
  const { dictionary } = vector(field).column;
  const value = compileOver<string | undefined>(expression, context, () => (text) => text);
  const known = new Map<number, ReturnType<CellReader>>();
  return (ordinal) => {
    const code = codes[ordinal] ?? 0;
    let found = known.get(code);
    if (found === undefined && !known.has(code)) {
      found = value(dictionary[code]);
      known.set(code, found);
    }
    return found;
  };
}
