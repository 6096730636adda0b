import { fail } from '@drops/diagnostics';
import type { Json, SqlDialectName } from '@drops/ir';
import { tableText } from '@drops/translate';
import { learn, noFacts, type ColumnFacts } from '../column-type.js';
import {
  exportedDrop,
  fieldsOf,
  type ExportedDrop,
  type ReadRows,
  type SelectedColumn,
} from '../export-spec.js';

/** What the table of one route must hold. */
export interface TableFacts {
  /** Payload columns in order of appearance. */
  readonly columns: Map<string, ColumnFacts>;
  /** Events have no key, so it cannot be the primary one. */
  keyless: boolean;
}

export type Tables = ReadonlyMap<string, TableFacts>;

/** Most columns of a table. */
const maxColumns: Readonly<Record<SqlDialectName, number>> = { sql: 1600, mysql: 1017, sqlite: 2000 };
const systemColumns: readonly string[] = ['_key', '_created_at'];

/** The payload columns of a drop. */
export function columnValues(
  drop: ExportedDrop,
  selected: readonly SelectedColumn[] | undefined,
): readonly (readonly [string, Json])[] {
  if (!selected) return Object.entries(fieldsOf(drop));
  return selected.map((column) => [column.name, column.read(drop) ?? null]);
}

/** PostgreSQL holds U+0000 in no text and no JSON: that is found before anything is written. */
function checkValue(value: Json, text: ReturnType<typeof tableText>): void {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return;
  const suspect =
    typeof value === 'string' ? value.includes('\0') : JSON.stringify(value).includes('\\u0000');
  if (suspect) text.value(value);
}

function checkTable(route: string, { columns }: TableFacts, dialect: SqlDialectName): void {
  const text = tableText(dialect);
  text.name(route);
  const seen = new Map<string, string>();
  const fold = (name: string) => (text.foldsColumnNames ? name.toLowerCase() : name);
  for (const name of [...systemColumns, ...columns.keys()]) {
    text.name(name);
    const other = seen.get(fold(name));
    if (other !== undefined || (columns.has(name) && systemColumns.includes(name))) {
      fail(
        'UNSUPPORTED',
        `${text.title} cannot hold the fields ${other ?? name} and ${name} of ${route} in one table`,
        {
          hint: 'the formats ndjson, json and csv can',
        },
      );
    }
    seen.set(fold(name), name);
  }
  if (seen.size > maxColumns[dialect]) {
    fail(
      'UNSUPPORTED',
      `${route} has ${seen.size} columns, a table of ${text.title} has at most ${maxColumns[dialect]}`,
      {
        hint: 'select names the columns to export',
      },
    );
  }
}

/** Reads every row to know the columns of each route and their types. UNSUPPORTED for what the product cannot hold. */
export async function inferTables(
  rows: ReadRows,
  selected: readonly SelectedColumn[] | undefined,
  dialect: SqlDialectName,
): Promise<Tables> {
  const text = tableText(dialect);
  const tables = new Map<string, TableFacts>();
  for await (const batch of rows()) {
    for (const row of batch) {
      const drop = exportedDrop(row);
      let table = tables.get(drop.route);
      if (!table) tables.set(drop.route, (table = { columns: new Map(), keyless: false }));
      if (drop.key === null) table.keyless = true;
      for (const [name, value] of columnValues(drop, selected)) {
        let facts = table.columns.get(name);
        if (!facts) table.columns.set(name, (facts = noFacts()));
        learn(facts, value);
        checkValue(value, text);
      }
    }
  }
  for (const [route, table] of tables) checkTable(route, table, dialect);
  return new Map(
    [...tables].map(([route, table]) => [route, { ...table, columns: inNameOrder(table.columns) }]),
  );
}

/** Columns in the order that the fields of an object would have (names like 0 and 1 first): an import gives them the same. */
function inNameOrder(columns: TableFacts['columns']): TableFacts['columns'] {
  return new Map(Object.entries(Object.fromEntries(columns)));
}
