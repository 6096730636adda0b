import type { Json, Path } from '@drops/ir';
import type { JsonAccess, ScalarKind, SqlDialect } from './dialect.js';
import { atom, join, nullByZero, operation, predicate, value, type Fragment } from './fragment.js';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function step(column: Fragment, path: Path, last: '->' | '->>'): Fragment {
  const names = path.map((s, i) => {
    const arrow = i === path.length - 1 ? last : '->';
    return `${arrow}${typeof s === 'number' ? String(s) : quoted(s)}`;
  });
  return names.length === 0 ? column : operation`${column}${names.join('')}`;
}

const casts: { readonly [K in ScalarKind]: { readonly type: string; readonly cast: string } } = {
  text: { type: 'string', cast: '' },
  number: { type: 'number', cast: '::double precision' },
  boolean: { type: 'boolean', cast: '::boolean' },
};

const asText = (column: Fragment, path: Path): Fragment =>
  path.length === 0 ? operation`${column}#>>'{}'` : step(column, path, '->>');

const jsonb = (of: Json): Fragment => operation`${value(JSON.stringify(of))}::jsonb`;

const json: JsonAccess = {
  pathProblem: (path) =>
    path.some((s) => typeof s === 'string' && s.includes('\0')) ? 'jsonb cannot hold U+0000' : undefined,
  typed(column, path, kind) {
    const { type, cast } = casts[kind];
    const read = cast === '' ? asText(column, path) : operation`${asText(column, path)}${cast}`;
    return atom`CASE WHEN jsonb_typeof(${step(column, path, '->')}) = '${type}' THEN ${read} END`;
  },
  text: asText,
  nullReadsAsText: false,
  raw: (column, path) => step(column, path, '->'),
  grouped: (column, path) => atom`NULLIF(${step(column, path, '->')}, 'null'::jsonb)`,
  presence: (column, path) => asText(column, path),
  contains: (column, path, element) =>
    predicate`CASE WHEN jsonb_typeof(${step(column, path, '->')}) = 'array' THEN ${step(column, path, '->')} @> ${jsonb([element])} END`,
  equals: (column, path, of) => predicate`${step(column, path, '->')} = ${jsonb(of)}`,
  length: (column, path) =>
    atom`CASE WHEN jsonb_typeof(${step(column, path, '->')}) = 'array' THEN jsonb_array_length(${step(column, path, '->')}) END`,
  from: (scalar) => atom`to_jsonb(${scalar})`,
};

/** PostgreSQL, and what speaks its language. */
export const postgres: SqlDialect = {
  name: 'sql',
  title: 'PostgreSQL',
  quote: '"',
  nameLimit: { most: 63, unit: 'bytes' },
  foldsColumnNames: false,
  allowsEmptyNames: false,
  placeholder: (index) => `$${index}`,
  boundValue: (index, of) =>
    typeof of === 'number' && !Number.isSafeInteger(of) ? `$${index}::double precision` : `$${index}`,
  text: quoted,
  textProblem: (value) => (value.includes('\0') ? 'its text cannot hold U+0000' : undefined),
  nullsLast: { ascending: true, descending: false },
  nullsClause: true,
  nestsSubqueries: false,
  afterGroup: 'expression',
  upsert: 'ON CONFLICT',
  emptyInsert: 'DEFAULT VALUES',
  replacesViews: true,
  literalsAreDecimals: true,
  toDouble: (of) => atom`CAST(${of} AS DOUBLE PRECISION)`,
  quotient: nullByZero,
  remainder: (left, right) => operation`CAST(${left} AS NUMERIC) % NULLIF(CAST(${right} AS NUMERIC), 0)`,
  time: {
    literal: (iso) => `TIMESTAMPTZ ${quoted(iso)}`,
    now: 'CURRENT_TIMESTAMP',
    text: (column) => atom`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
  nowText: `to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  json,
  like: (left, pattern, escaped) => predicate`${left} LIKE ${pattern}${escaped ? " ESCAPE '!'" : ''}`,
  match(match, left, right) {
    if (match === 'contains') return predicate`strpos(${left}, ${right}) > 0`;
    const side = match === 'prefix' ? 'left' : 'right';
    return predicate`${side}(${left}, length(${right})) = ${right}`;
  },
  call(name, args) {
    const list = join(args, ', ');
    switch (name) {
      case 'trim':
        return atom`BTRIM(${list}, E' \\t\\n\\r\\f\\u000b\\u00a0\\ufeff')`;
      case 'len':
        return atom`LENGTH(${list})`;
      case 'ceil':
        return atom`CEIL(${list})`;
      // ROUND of a double goes to the even neighbour, of a numeric away from zero.
      case 'round':
        return atom`ROUND(CAST(${list} AS NUMERIC))`;
      case 'date':
        return atom`LEFT(${list}, 10)`;
      default:
        return atom`${name.toUpperCase()}(${list})`;
    }
  },
  callNotes: {
    lower: 'lower follows the locale of the database',
    upper: 'upper follows the locale of the database',
    concat: 'concat writes true as t and false as f',
    date: 'date does not check that the text is a date',
  },
  extreme(fn, argument, kind) {
    if (kind === 'boolean') return fn === 'min' ? atom`BOOL_AND(${argument})` : atom`BOOL_OR(${argument})`;
    return fn === 'min' ? atom`MIN(${argument})` : atom`MAX(${argument})`;
  },
  average: (argument) => atom`AVG(${argument})`,
  edge(fn, argument, keys) {
    const order = join(
      fn === 'first' ? keys : keys.map((k) => ({ ...k, pieces: [...k.pieces, ' DESC'] })),
      ', ',
    );
    return atom`(ARRAY_AGG(${argument} ORDER BY ${order}) FILTER (WHERE ${argument} IS NOT NULL))[1]`;
  },
  distinct: (argument) =>
    atom`COALESCE(JSON_AGG(DISTINCT ${argument} ORDER BY ${argument}) FILTER (WHERE ${argument} IS NOT NULL), '[]')`,
};
