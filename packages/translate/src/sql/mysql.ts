import type { Path } from '@drops/ir';
import type { JsonAccess, ScalarKind, SqlDialect } from './dialect.js';
import { atom, join, operation, predicate, value, type Fragment } from './fragment.js';
import { jsonPath } from './json-path.js';

const escapes: { readonly [char: string]: string } = { '\\': '\\\\', "'": "''", '\0': '\\0' };
const quoted = (text: string): string => `'${text.replace(/[\\'\0]/g, (c) => escapes[c] ?? c)}'`;

const extract = (column: Fragment, path: Path): Fragment =>
  path.length === 0 ? column : atom`JSON_EXTRACT(${column}, ${quoted(jsonPath(path))})`;

/** MySQL tells four kinds of number apart, MariaDB two. */
const types: { readonly [K in ScalarKind]: string } = {
  text: `= 'STRING'`,
  number: `IN ('INTEGER', 'UNSIGNED INTEGER', 'DECIMAL', 'DOUBLE')`,
  boolean: `= 'BOOLEAN'`,
};

function readAs(read: Fragment, kind: ScalarKind): Fragment {
  if (kind === 'text') return atom`JSON_UNQUOTE(${read})`;
  return kind === 'number'
    ? atom`CAST(JSON_UNQUOTE(${read}) AS DOUBLE)`
    : atom`JSON_CONTAINS(${read}, 'true')`;
}

const json: JsonAccess = {
  pathProblem: () => undefined,
  typed(column, path, kind) {
    const read = extract(column, path);
    return atom`CASE WHEN JSON_TYPE(${read}) ${types[kind]} THEN ${readAs(read, kind)} END`;
  },
  text: (column, path) => atom`JSON_UNQUOTE(${extract(column, path)})`,
  nullReadsAsText: true,
  raw: extract,
  grouped(column, path) {
    const read = extract(column, path);
    return atom`CASE WHEN JSON_TYPE(${read}) <> 'NULL' THEN ${read} END`;
  },
  presence: (column, path) => atom`NULLIF(JSON_TYPE(${extract(column, path)}), 'NULL')`,
  contains(column, path, element) {
    const read = extract(column, path);
    return atom`CASE WHEN JSON_TYPE(${read}) = 'ARRAY' THEN JSON_CONTAINS(${read}, ${value(JSON.stringify(element))}) END`;
  },
  containsNote: 'contains also finds an element inside an inner array',
  // MariaDB has JSON_EQUALS, MySQL compares JSON values: no form that both understand.
  equals: () => undefined,
  length(column, path) {
    const read = extract(column, path);
    return atom`CASE WHEN JSON_TYPE(${read}) = 'ARRAY' THEN JSON_LENGTH(${read}) END`;
  },
  from(scalar, kind) {
    if (kind === 'text') return atom`JSON_QUOTE(${scalar})`;
    return kind === 'number'
      ? atom`CAST(${scalar} AS CHAR)`
      : atom`CASE ${scalar} WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END`;
  },
};

/** MySQL and MariaDB: only what both understand. */
export const mysql: SqlDialect = {
  name: 'mysql',
  title: 'MySQL',
  quote: '`',
  nameLimit: { most: 64, unit: 'characters' },
  foldsColumnNames: true,
  allowsEmptyNames: false,
  placeholder: () => '?',
  boundValue: () => '?',
  text: quoted,
  textProblem: () => undefined,
  nullsLast: { ascending: false, descending: true },
  nullsClause: false,
  unlimited: '18446744073709551615',
  nestsSubqueries: true,
  afterGroup: 'alias',
  upsert: 'ON DUPLICATE KEY',
  emptyInsert: '() VALUES ()',
  replacesViews: true,
  literalsAreDecimals: true,
  toDouble: (of) => atom`CAST(${of} AS DOUBLE)`,
  // Queries give null by zero. MariaDB 10.11 takes a NULLIF of a COUNT out of HAVING for one of 0, and finds nothing.
  quotient: (left, right) => operation`${left} / ${right}`,
  remainder: (left, right) => operation`${left} % ${right}`,
  time: {
    literal: (iso) => quoted(iso.replace('T', ' ').replace('Z', '')),
    now: 'UTC_TIMESTAMP(3)',
    text: (column) => atom`CONCAT(LEFT(DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`,
  },
  nowText: `CONCAT(LEFT(DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`,
  json,
  // LIKE follows the collation of the column; BINARY compares the text itself.
  like: (left, pattern, escaped) => predicate`${left} LIKE BINARY ${pattern}${escaped ? " ESCAPE '!'" : ''}`,
  match(match, left, right) {
    if (match === 'contains') return predicate`LOCATE(BINARY ${right}, ${left}) > 0`;
    const side = match === 'prefix' ? 'LEFT' : 'RIGHT';
    return predicate`${side}(${left}, CHAR_LENGTH(${right})) = BINARY ${right}`;
  },
  call(name, args) {
    const list = join(args, ', ');
    switch (name) {
      case 'len':
        return atom`CHAR_LENGTH(${list})`;
      // ROUND of a double goes to the even neighbour.
      case 'round':
        return operation`SIGN(${list}) * FLOOR(ABS(${list}) + 0.5)`;
      case 'ceil':
        return atom`CEILING(${list})`;
      case 'concat':
        return atom`CONCAT_WS('', ${list})`;
      case 'date':
        return atom`LEFT(${list}, 10)`;
      default:
        return atom`${name.toUpperCase()}(${list})`;
    }
  },
  callNotes: {
    lower: 'lower follows the collation',
    upper: 'upper follows the collation',
    trim: 'trim removes spaces only',
    concat: 'concat writes true as 1 and false as 0',
    date: 'date does not check that the text is a date',
  },
  extreme: (fn, argument) => (fn === 'min' ? atom`MIN(${argument})` : atom`MAX(${argument})`),
  // AVG of integers would round to four decimals.
  average: (argument) => atom`AVG(CAST(${argument} AS DOUBLE))`,
};
