import type { Json, SqlDialectName } from '@drops/ir';

/** What the values of a column have been so far, and what they need. */
export interface ColumnFacts {
  readonly kinds: Set<ColumnKind>;
  /** Characters and, at most, bytes of the longest text. */
  longest: number;
}

/** `json` also holds what is of several kinds. */
export type ColumnKind = 'text' | 'integer' | 'double' | 'boolean' | 'json';

export const noFacts = (): ColumnFacts => ({ kinds: new Set(), longest: 0 });

function kindOf(value: Exclude<Json, null>): ColumnKind {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'double';
  return 'json';
}

/** Takes a value into account; null fits every type. */
export function learn(facts: ColumnFacts, value: Json): void {
  if (value === null) return;
  facts.kinds.add(kindOf(value));
  if (typeof value === 'string' && value.length > facts.longest) facts.longest = value.length;
}

/** The one kind that holds all values of a column. */
export function columnKind({ kinds }: ColumnFacts): ColumnKind {
  const [first = 'text', ...others] = kinds;
  if (others.length === 0) return first;
  return [...kinds].every((kind) => kind === 'integer' || kind === 'double') ? 'double' : 'json';
}

const types: Readonly<Record<Exclude<SqlDialectName, 'mysql'>, Readonly<Record<ColumnKind, string>>>> = {
  sql: { text: 'TEXT', integer: 'BIGINT', double: 'DOUBLE PRECISION', boolean: 'BOOLEAN', json: 'JSONB' },
  // The comment tells a reader of ours what the product has no type for.
  sqlite: { text: 'TEXT', integer: 'INTEGER', double: 'REAL', boolean: 'BOOLEAN', json: 'TEXT /* JSON */' },
};
const mysqlTypes = { integer: 'BIGINT', double: 'DOUBLE', boolean: 'TINYINT(1)', json: 'JSON' } as const;

/** Columns of VARCHAR(255) that fit into the 65,535 bytes of a MySQL row with the key and the rest. */
const maxVarchars = 50;

/** Longest text, in characters, that fits into the 65,535 bytes of MySQL's TEXT whatever it holds. */
const maxText = 16_383;

/** The type of a column, given how many columns its table has. */
export function columnType(facts: ColumnFacts, columns: number, dialect: SqlDialectName): string {
  const kind = columnKind(facts);
  if (dialect !== 'mysql') return types[dialect][kind];
  if (kind !== 'text') return mysqlTypes[kind];
  if (facts.longest <= 255 && columns <= maxVarchars) return 'VARCHAR(255)';
  return facts.longest <= maxText ? 'TEXT' : 'LONGTEXT';
}
