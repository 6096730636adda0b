import { assertNever } from '@drops/diagnostics';
import { getProperty, isObject, valueAt, type Field, type Json, type Path } from '@drops/ir';
import { payloadAt, systemValue, type Row } from '../row.js';

/** The value of an expression for a row; undefined is missing, which counts as null. */
export type Reader = (row: Row) => Json | undefined;

function payloadReader(path: Path): Reader {
  const [name] = path;
  if (path.length !== 1 || typeof name !== 'string') {
    return (row) => (row.drop ? payloadAt(row.drop, path) : columnAt(row, path));
  }
  return (row) => {
    const payload = row.drop?.payload;
    if (isObject(payload)) return getProperty(payload, name);
    return row.drop ? payloadAt(row.drop, path) : columnAt(row, path);
  };
}

function columnAt(row: Row, path: Path): Json | undefined {
  return row.columns ? valueAt(row.columns, path) : undefined;
}

/** The joined record is the right payload's fields and its `key`; records of earlier joins come after. */
function joinedAt(row: Row, path: Path): Json | undefined {
  for (let right = row.right; right; right = right.right) {
    const value = recordAt(right, path);
    if (value !== undefined) return value;
  }
  return undefined;
}

function recordAt(right: Row, path: Path): Json | undefined {
  if (!right.drop) return columnAt(right, path);
  return path.length === 1 && path[0] === 'key' ? right.drop.key : payloadAt(right.drop, path);
}

/** How the right field of a join condition is read from the right row, before it is joined. */
export function readRecord(field: Field): Reader {
  return (row) => recordAt(row, field.path);
}

/** How a field is read from a row, by where it looks. */
export function readField(field: Field): Reader {
  const { path } = field;
  switch (field.scope) {
    case 'system': {
      const column = String(path[0]);
      return column === 'key'
        ? (row) => (row.drop ? row.drop.key : systemValue(row, 'key'))
        : (row) => systemValue(row, column);
    }
    case 'payload':
      return payloadReader(path);
    case 'either': {
      const left = payloadReader(path);
      return (row) => {
        const value = left(row);
        return value === undefined ? joinedAt(row, path) : value;
      };
    }
    case 'joined':
      return (row) => joinedAt(row, path);
    case 'column':
      return (row) => columnAt(row, path);
    default:
      return assertNever(field.scope);
  }
}
