import { fail } from '@drops/diagnostics';
import {
  isExpression,
  isRelation,
  rewriteRelation,
  walk,
  type Expression,
  type Field,
  type Fn,
  type FunctionName,
  type Relation,
} from '@drops/ir';
import type { FidelityLog } from '../fidelity.js';
import { sqlContext, type SqlContext } from '../sql/context.js';
import type { SqlDialect } from '../sql/dialect.js';
import { atom } from '../sql/fragment.js';
import { postgres } from '../sql/postgres.js';
import { isDoubtful, storedCall, storedRemainder } from './stored-functions.js';

/*
 * A store in PostgreSQL keeps payloads as JSON, of any types side by side. Its rows are a table `state` of `_key`, `_created_at`, `tx` and
 * the payload in `doc`: a field of the payload is read inside it, with the type of each value at hand.
 */

/** The name of the table that the SQL reads, and of the one whose rows are joined to its rows. */
export const storedRowsTable = 'state';
export const joinedRowsTable = 'joined';
const payloadColumn = 'doc';

/** Texts inside JSON have the order of the database; ours is that of code points. */
export const storedDialect: SqlDialect = {
  ...postgres,
  call: storedCall,
  callNotes: {},
  remainder: storedRemainder,
  json: {
    ...postgres.json,
    // The store's indexes are over exactly these expressions, and such beginnings of texts as an entry of an index can hold.
    beginnings: { length: 500, of: (text) => atom`left(${text}, 500)` },
    typed(column, path, kind) {
      const read = postgres.json.typed(column, path, kind);
      return kind === 'text' ? atom`(${read}) COLLATE "C"` : read;
    },
    text: (column, path) => atom`(${postgres.json.text(column, path)}) COLLATE "C"`,
  },
};

/** UNSUPPORTED: the engine does it. */
export const leave = (what: string, { span }: { readonly span: Expression['span'] }): never =>
  fail('UNSUPPORTED', `${what} is left to the engine`, { span });

function storedField(field: Field): Field {
  if (field.scope === 'system') {
    const [name] = field.path;
    return name === 'key' || name === 'created_at' ? field : leave('this column', field);
  }
  // Of groups: what it holds is known where they are.
  if (field.scope === 'column') return field;
  const isKey = field.path.length === 1 && field.path[0] === 'key';
  if (isKey && field.scope === 'joined') return { ...field, type: 'text' };
  // What the left side has no field of that name is the key of the right one: a value of JSON or a text.
  if (isKey && field.scope === 'either') return leave('this field', field);
  // A payload that is no object is the field `payload`, of rows of that kind alone.
  if (field.path[0] === 'payload') return leave('a payload as a whole', field);
  // What a pattern says now need not hold for what was written before it.
  return { ...field, path: [payloadColumn, ...field.path], type: 'unknown' };
}

/** Functions whose answers are the same to the last bit; of the others the database knows other cases or digits. */
const functions: ReadonlySet<FunctionName> = new Set([
  'len',
  'abs',
  'floor',
  'ceil',
  'round',
  'trim',
  'lower',
  'upper',
  'date',
  'coalesce',
]);

function isTakenCall({ name, args }: Fn): boolean {
  const [only] = args;
  if (name === 'coalesce') return args.length > 0;
  // Decimals are cut off the text of a number; of a list that is one of several values nobody knows the length.
  return functions.has(name) && args.length === 1 && !(only?.kind === 'Fn' && only.name === 'coalesce');
}

/**
 * What says the same of values of any type. Left to the engine are sub-queries, which are answered once before, and what is
 * compared with a value that is known only row by row where its type decides what is meant. A number out of range, which is null for
 * us, ends a statement of the database: then the engine does all of it. `roughly`: too many rows may be kept.
 */
function isTaken(node: Expression, roughly: boolean): boolean {
  if (!roughly && isDoubtful(node)) return false;
  switch (node.kind) {
    case 'And':
    case 'Or':
    case 'Not':
    case 'Cmp':
    case 'Exists':
    case 'Lit':
    case 'Field':
    case 'Arith':
      return true;
    case 'In':
      return node.list.kind === 'Lit';
    case 'Like':
      return node.right.kind === 'Lit';
    case 'Fn':
      return isTakenCall(node);
    default:
      return false;
  }
}

const scanUnder = (relation: Relation): Relation =>
  relation.kind === 'Filter' ? scanUnder(relation.input) : relation;

/**
 * The relation as one over `state`. UNSUPPORTED for what is left to the engine. The relation holds no parameter any more. `roughly`: whoever
 * reads the rows looks at the conditions again.
 */
export function overState(relation: Relation, roughly: boolean): Relation {
  walk(relation, (node) => {
    if (isExpression(node) && !isTaken(node, roughly)) return leave('this condition', node);
    return undefined;
  });
  const rightScans = new Set<Relation>();
  walk(relation, (node) => {
    if (isRelation(node) && node.kind === 'Join') rightScans.add(scanUnder(node.right));
    return undefined;
  });
  return rewriteRelation(relation, {
    relation: (node) =>
      node.kind === 'Scan'
        ? { ...node, subtree: false, route: rightScans.has(node) ? joinedRowsTable : storedRowsTable }
        : node,
    expression: (node) => (node.kind === 'Field' ? storedField(node) : node),
  });
}

export const storedContext = (fidelity: FidelityLog): SqlContext => ({
  ...sqlContext(storedDialect, fidelity, () => undefined, new Set([storedRowsTable, joinedRowsTable])),
  isOrderedElsewhere: true,
  isTypedByRow: true,
  // Of JSON what is missing is NULL, what is null is not.
  eitherSide: (left, right, path) =>
    atom`CASE WHEN ${storedDialect.json.raw(left, path)} IS NOT NULL THEN ${left} ELSE ${right} END`,
});
