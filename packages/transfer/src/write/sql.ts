import type { Json, SqlDialectName } from '@drops/ir';
import { tableText, type TableText } from '@drops/translate';
import { columnKind, columnType } from '../column-type.js';
import type { ExportedDrop, ExportSpec, ReadRows, SelectedColumn } from '../export-spec.js';
import { gather } from './gather.js';
import { columnValues, inferTables, type TableFacts, type Tables } from './infer-tables.js';

/** A statement is ended behind so many rows or characters: servers bound its size. */
const limits = { rows: 500, characters: 500_000 } as const;

const keyType: Readonly<Record<SqlDialectName, string>> = {
  sql: 'TEXT',
  mysql: 'VARCHAR(256)',
  sqlite: 'TEXT',
};
const timeType: Readonly<Record<SqlDialectName, string>> = {
  sql: 'TIMESTAMPTZ',
  mysql: 'DATETIME(3)',
  sqlite: 'TEXT',
};
/** Compares by code point, as Drops does. */
const tableEnd: Readonly<Record<SqlDialectName, string>> = {
  sql: '',
  mysql: ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  sqlite: '',
};

function keyConstraint({ keyless }: TableFacts, history: boolean): string {
  if (history) return '';
  return keyless ? ' UNIQUE' : ' PRIMARY KEY';
}

function createTable(
  route: string,
  table: TableFacts,
  history: boolean,
  dialect: SqlDialectName,
  text: TableText,
): string {
  const columns = [...table.columns].map(
    ([name, facts]) => `${text.name(name)} ${columnType(facts, table.columns.size, dialect)}`,
  );
  const all = [
    `${text.name('_key')} ${keyType[dialect]}${keyConstraint(table, history)}`,
    `${text.name('_created_at')} ${timeType[dialect]}`,
    ...columns,
  ];
  return `CREATE TABLE IF NOT EXISTS ${text.name(route)} (${all.join(', ')})${tableEnd[dialect]};\n`;
}

/** How the rows of one table are written. */
interface TableWriter {
  /** INSERT up to VALUES. */
  readonly head: string;
  row(drop: ExportedDrop): string;
}

function tableWriter(
  route: string,
  table: TableFacts,
  selected: readonly SelectedColumn[] | undefined,
  text: TableText,
): TableWriter {
  const columns = [...table.columns].map(([name, facts]) => ({ name, json: columnKind(facts) === 'json' }));
  const names = ['_key', '_created_at', ...columns.map(({ name }) => name)].map((name) => text.name(name));
  const literal = (value: Json, json: boolean): string =>
    value !== null && json ? text.value(JSON.stringify(value)) : text.value(value);
  return {
    head: `INSERT INTO ${text.name(route)} (${names.join(', ')}) VALUES`,
    row(drop) {
      const values = new Map(columnValues(drop, selected));
      const literals = columns.map(({ name, json }) => literal(values.get(name) ?? null, json));
      return `(${[text.value(drop.key), text.time(drop.created_at), ...literals].join(', ')})`;
    },
  };
}

function writeRows(
  rows: ReadRows,
  tables: Tables,
  spec: ExportSpec,
  selected: readonly SelectedColumn[] | undefined,
): AsyncGenerator<string> {
  const { dialect = 'sql', history = false } = spec;
  const text = tableText(dialect);
  const made: Tables =
    tables.size > 0 ? tables : new Map([[spec.route, { columns: new Map(), keyless: false }]]);
  const writers = new Map(
    [...made].map(([route, table]) => [route, tableWriter(route, table, selected, text)]),
  );
  let open: { readonly writer: TableWriter; rows: number; characters: number } | undefined;
  return gather(
    rows,
    (drop) => {
      const writer = writers.get(drop.route);
      if (!writer) return '';
      const row = writer.row(drop);
      if (
        open?.writer === writer &&
        open.rows < limits.rows &&
        open.characters + row.length < limits.characters
      ) {
        open.rows += 1;
        open.characters += row.length;
        return `,\n${row}`;
      }
      const end = open ? ';\n' : '';
      open = { writer, rows: 1, characters: row.length };
      return `${end}${writer.head}\n${row}`;
    },
    {
      before: [...made].map(([route, table]) => createTable(route, table, history, dialect, text)).join(''),
      after: () => (open ? ';\n' : ''),
    },
  );
}

/**
 * A table a route with `_key`, `_created_at` and a column for each field, and its rows. Types are those that hold every value;
 * values of several kinds become JSON. Reads every row once to know them.
 */
export async function writeSql(
  rows: ReadRows,
  spec: ExportSpec,
  selected: readonly SelectedColumn[] | undefined,
): Promise<AsyncGenerator<string>> {
  const tables = await inferTables(rows, selected, spec.dialect ?? 'sql');
  return writeRows(rows, tables, spec, selected);
}
