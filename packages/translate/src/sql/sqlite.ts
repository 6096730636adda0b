import type { Path } from '@drops/ir';
import { isArray, isObject, type Json } from '@drops/ir';
import type { JsonAccess, JsonScalar, ScalarKind, SqlDialect } from './dialect.js';
import { atom, join, nullByZero, operation, predicate, value, type Fragment } from './fragment.js';
import { jsonPath } from './json-path.js';

/** SQL text ends at a NUL, so one inside a value is written as a function. */
const quoted = (text: string): string => {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts.join('') : `(${parts.join(' || char(0) || ')})`;
};

const at = (path: Path): string => quoted(jsonPath(path));
const extract = (column: Fragment, path: Path): Fragment => atom`json_extract(${column}, ${at(path)})`;
const typeOf = (column: Fragment, path: Path): Fragment => atom`json_type(${column}, ${at(path)})`;

const types: { readonly [K in ScalarKind]: string } = {
  text: `= 'text'`,
  number: `IN ('integer', 'real')`,
  boolean: `IN ('true', 'false')`,
};

const kindOfScalar = (element: JsonScalar): ScalarKind =>
  typeof element === 'string' ? 'text' : typeof element === 'number' ? 'number' : 'boolean';

function holdsObject(of: Json): boolean {
  return isObject(of) || (isArray(of) && of.some(holdsObject));
}

const json: JsonAccess = {
  pathProblem: (path) =>
    path.some((s) => typeof s === 'string' && /["\\\0]/.test(s))
      ? 'its JSON paths cannot quote this name'
      : undefined,
  typed: (column, path, kind) =>
    atom`CASE WHEN ${typeOf(column, path)} ${types[kind]} THEN ${extract(column, path)} END`,
  text: extract,
  nullReadsAsText: false,
  raw: extract,
  grouped: extract,
  presence: extract,
  contains(column, path, element) {
    const kind = kindOfScalar(element);
    const operand =
      kind === 'boolean'
        ? atom`${element === true ? 'TRUE' : 'FALSE'}`
        : value(String(element) === element ? element : Number(element));
    return atom`EXISTS (SELECT 1 FROM json_each(${column}, ${at(path)}) AS e WHERE ${typeOf(column, path)} = 'array' AND e.type ${types[kind]} AND e.value = ${operand})`;
  },
  // Arrays compare as their JSON text; the names of an object may stand in another order.
  equals: (column, path, of) =>
    holdsObject(of) ? undefined : predicate`${extract(column, path)} = ${value(JSON.stringify(of))}`,
  length: (column, path) =>
    atom`CASE WHEN ${typeOf(column, path)} = 'array' THEN json_array_length(${column}, ${at(path)}) END`,
  from: (scalar) => scalar,
};

/** SQLite from 3.44 on. */
export const sqlite: SqlDialect = {
  name: 'sqlite',
  title: 'SQLite',
  quote: '"',
  foldsColumnNames: true,
  allowsEmptyNames: true,
  placeholder: (index) => `?${index}`,
  boundValue: () => '?',
  text: quoted,
  textProblem: () => undefined,
  nullsLast: { ascending: false, descending: true },
  nullsClause: true,
  unlimited: '-1',
  nestsSubqueries: false,
  afterGroup: 'column',
  upsert: 'ON CONFLICT',
  emptyInsert: 'DEFAULT VALUES',
  replacesViews: false,
  literalsAreDecimals: false,
  toDouble: (of) => atom`CAST(${of} AS REAL)`,
  // % works on integers only.
  quotient: nullByZero,
  remainder: (left, right) =>
    operation`${left} - CAST(CAST(${left} AS REAL) / NULLIF(${right}, 0) AS INTEGER) * ${right}`,
  nowText: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
  json,
  // LIKE ignores the case of ASCII letters, so none is used.
  match(match, left, right) {
    if (match === 'contains') return predicate`instr(${left}, ${right}) > 0`;
    if (match === 'prefix') return predicate`substr(${left}, 1, length(${right})) = ${right}`;
    return predicate`substr(${left}, max(length(${left}) - length(${right}), 0) + 1) = ${right}`;
  },
  call(name, args) {
    const list = join(args, ', ');
    switch (name) {
      case 'len':
        return atom`length(${list})`;
      case 'concat':
        return atom`(${join(
          args.map((a) => atom`COALESCE(${a}, '')`),
          ' || ',
        )})`;
      case 'date':
        return atom`substr(${list}, 1, 10)`;
      default:
        return atom`${name.toUpperCase()}(${list})`;
    }
  },
  callNotes: {
    lower: 'lower knows ASCII letters only',
    upper: 'upper knows ASCII letters only',
    trim: 'trim removes spaces only',
    concat: 'concat writes true as 1 and false as 0',
    date: 'date does not check that the text is a date',
  },
  extreme: (fn, argument) => (fn === 'min' ? atom`MIN(${argument})` : atom`MAX(${argument})`),
  average: (argument) => atom`AVG(${argument})`,
  edge(fn, argument, keys) {
    const order = join(
      fn === 'first' ? keys : keys.map((k) => ({ ...k, pieces: [...k.pieces, ' DESC'] })),
      ', ',
    );
    return atom`json_extract(json_group_array(${argument} ORDER BY ${order}) FILTER (WHERE ${argument} IS NOT NULL), '$[0]')`;
  },
  distinct: (argument) =>
    atom`json_group_array(DISTINCT ${argument} ORDER BY ${argument}) FILTER (WHERE ${argument} IS NOT NULL)`,
};
