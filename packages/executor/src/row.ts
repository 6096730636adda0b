import {
  getProperty,
  isObject,
  payloadValue,
  setProperty,
  type Json,
  type JsonObject,
  type MutableObject,
  type Path,
  type StoredDrop,
} from '@drops/ir';

/**
 * A row on its way through the operators; one form for all, so that the hot loops stay monomorphic.
 * A drop has `drop`; a picked or grouped row has `columns` and what it came `from`.
 */
export interface Row {
  readonly drop: StoredDrop | null;
  readonly columns: JsonObject | null;
  /** The record joined to this one; its own `right` is the record of a join before. */
  readonly right: Row | null;
  /** The row it was picked from, or its group values: what orders rows that carry no drop. */
  readonly from: Row | readonly Json[] | null;
}
export type Batch = readonly Row[];

/** Rows of one batch at most. */
export const batchSize = 1024;

export function dropRow(drop: StoredDrop): Row {
  return { drop, columns: null, right: null, from: null };
}

export function isRow(from: Row['from']): from is Row {
  return from !== null && !Array.isArray(from);
}

/** The payload of a drop at a path. A payload that is no object is the column `payload`. */
export function payloadAt(drop: StoredDrop, path: Path): Json | undefined {
  return payloadValue(drop.payload, path);
}

function copyInto(target: MutableObject, source: JsonObject): void {
  for (const name of Object.keys(source)) {
    const value = source[name];
    if (value !== undefined) setProperty(target, name, value);
  }
}

/** All payload fields and the key, as `pick *` and `_joined` show a drop. */
export function starOfDrop(drop: StoredDrop): MutableObject {
  const columns: MutableObject = {};
  if (isObject(drop.payload)) copyInto(columns, drop.payload);
  else columns['payload'] = drop.payload;
  columns['key'] = drop.key;
  return columns;
}

/** The columns of a row as `pick *` gives them: never the joined record. */
export function starOf(row: Row): MutableObject {
  if (row.drop) return starOfDrop(row.drop);
  const columns: MutableObject = {};
  if (row.columns) copyInto(columns, row.columns);
  return columns;
}

/** The joined record of a row; after several joins that of the last wins. */
function joinedRecord(right: Row): JsonObject {
  const record: MutableObject = right.right ? { ...joinedRecord(right.right) } : {};
  copyInto(record, starOf(right));
  return record;
}

function dropJson(drop: StoredDrop): { [name: string]: Json } {
  const { drop_id, route, key, source, payload, created_at, version, tx, price, expires_at } = drop;
  const { score, highlights } = drop;
  const shown: MutableObject = { drop_id, route, key, source, payload, created_at, version, tx };
  if (drop.gated) {
    delete shown['payload'];
    shown['_gated'] = true;
  }
  if (price !== undefined) shown['price'] = price;
  if (expires_at !== undefined) shown['expires_at'] = expires_at;
  if (score !== undefined) shown['score'] = score;
  if (highlights) shown['highlights'] = highlights;
  return shown;
}

/** A drop as replies show it (contract: A drop). */
export function showDrop(drop: StoredDrop): JsonObject {
  return dropJson(drop);
}

/** A drop without its payload, as a write answers it. */
export function showWritten(drop: StoredDrop): JsonObject {
  const shown = dropJson(drop);
  delete shown['payload'];
  return shown;
}

/** A row as an element of `results`. */
export function showRow(row: Row): JsonObject {
  if (!row.right) return row.drop ? dropJson(row.drop) : (row.columns ?? {});
  const shown: MutableObject = row.drop ? dropJson(row.drop) : starOf(row);
  shown['_joined'] = joinedRecord(row.right);
  return shown;
}

/** A system column of a row: null where flat rows have none. */
export function systemValue(row: Row, column: string): Json {
  const { drop } = row;
  if (!drop) return (row.columns && getProperty(row.columns, column)) ?? null;
  switch (column) {
    case 'key':
      return drop.key;
    case 'created_at':
      return drop.created_at;
    case 'drop_id':
      return drop.drop_id;
    case 'route':
      return drop.route;
    case 'source':
      return drop.source;
    case 'score':
      return drop.score ?? null;
    default:
      return null;
  }
}
