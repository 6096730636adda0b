import { invariant } from '@drops/diagnostics';
import { setProperty, type Json, type JsonObject, type MutableObject } from '@drops/ir';
import type { Found } from '../import-row.js';
import type { Chunks } from './lines.js';
import { newlines } from './newlines.js';
import { sqlStatements, type SqlStatement } from './sql-statements.js';

/** The parts of the statements that our own writer writes. A text of SQLite may be joined of parts around U+0000. */
const token =
  /\s*(?:(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?:TIMESTAMPTZ\s+)?(?<text>'(?:[^'\\]|''|\\[^])*')|(?<word>[A-Za-z_]+)|(?<number>-?\d[\d.eE+-]*)|(?<comment>\/\* JSON \*\/)|(?<mark>\|\||[(),]))/y;
const plainToken =
  /\s*(?:(?<name>"(?:[^"]|"")*")|(?:TIMESTAMPTZ\s+)?(?<text>'(?:[^']|'')*')|(?<word>[A-Za-z_]+)|(?<number>-?\d[\d.eE+-]*)|(?<comment>\/\* JSON \*\/)|(?<mark>\|\||[(),]))/y;

interface Token {
  readonly kind: 'name' | 'text' | 'word' | 'number' | 'comment' | 'mark';
  readonly text: string;
}

/** A statement as tokens. */
interface Cursor {
  /** Throws where no token of ours stands. */
  next(): Token | undefined;
  /** Offset behind the last token. */
  offset(): number;
  expect(text: string): void;
  readonly mysql: boolean;
}

function cursorOf(text: string, mysql: boolean): Cursor {
  const form = new RegExp(mysql ? token : plainToken);
  const next = (): Token | undefined => {
    const from = form.lastIndex;
    const found = form.exec(text);
    if (!found) {
      if (text.slice(from).trim() === '') return undefined;
      throw new Error(
        `${JSON.stringify(text.slice(from, from + 40).trim())} is not in the form of an export`,
      );
    }
    const [entry] = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined);
    invariant(entry, 'a token without a kind');
    const [kind, value] = entry;
    switch (kind) {
      case 'name':
      case 'text':
      case 'word':
      case 'number':
      case 'comment':
        return { kind, text: value };
      default:
        return { kind: 'mark', text: value };
    }
  };
  const expect = (wanted: string): void => {
    const found = next()?.text ?? 'the end';
    if (found !== wanted) throw new Error(`${found} found, ${wanted} expected`);
  };
  return { next, expect, offset: () => form.lastIndex, mysql };
}

function nameOf(found: Token | undefined): string {
  if (found?.kind !== 'name') throw new Error(`${found?.text ?? 'the end'} found, a quoted name expected`);
  const quote = found.text.charAt(0);
  return found.text.slice(1, -1).replaceAll(quote + quote, quote);
}

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', "''": "'", '\\0': '\0' };

function textOf(literal: string, mysql: boolean): string {
  const inner = literal.slice(1, -1);
  return mysql ? inner.replace(/\\[^]|''/g, (found) => escapes[found] ?? found) : inner.replaceAll("''", "'");
}

/** `'a' || char(0) || 'b'`, up to its closing parenthesis. */
function joinedText(cursor: Cursor): string {
  let text = '';
  for (let found = cursor.next(); ; found = cursor.next()) {
    if (found?.kind === 'text') text += textOf(found.text, cursor.mysql);
    else if (found?.text === 'char') {
      for (const part of ['(', '0', ')']) cursor.expect(part);
      text += '\0';
    } else throw new Error(`${found?.text ?? 'the end'} found, a text expected`);
    const after = cursor.next()?.text;
    if (after === ')') return text;
    if (after !== '||') throw new Error(`${after ?? 'the end'} found, || expected`);
  }
}

function literalOf(found: Token | undefined, cursor: Cursor): Json {
  if (found?.kind === 'text') return textOf(found.text, cursor.mysql);
  if (found?.kind === 'number') return Number(found.text);
  if (found?.text === '(') return joinedText(cursor);
  if (found?.text === 'NULL') return null;
  if (found?.text === 'TRUE' || found?.text === 'FALSE') return found.text === 'TRUE';
  throw new Error(`${found?.text ?? 'the end'} found, a value expected`);
}

type JsonColumns = Map<string, ReadonlySet<string>>;

/** `CREATE TABLE IF NOT EXISTS "t" ("a" TEXT, …)`: which columns hold JSON. */
function readTable(cursor: Cursor, jsonColumns: JsonColumns): void {
  for (const word of ['IF', 'NOT', 'EXISTS']) cursor.expect(word);
  const table = nameOf(cursor.next());
  cursor.expect('(');
  const json = new Set<string>();
  let column = '';
  let depth = 1;
  for (let found = cursor.next(); found && depth > 0; found = cursor.next()) {
    if (found.kind === 'name') column = nameOf(found);
    else if (found.kind === 'comment' || found.text === 'JSON' || found.text === 'JSONB') json.add(column);
    else if (found.text === '(') depth += 1;
    else if (found.text === ')') depth -= 1;
  }
  jsonColumns.set(table, json);
}

function readColumns(cursor: Cursor): string[] {
  cursor.expect('(');
  const columns: string[] = [];
  for (;;) {
    columns.push(nameOf(cursor.next()));
    const after = cursor.next()?.text;
    if (after === ')') return columns;
    if (after !== ',') throw new Error(`${after ?? 'the end'} found, a comma expected`);
  }
}

function readRow(cursor: Cursor, columns: readonly string[], json: ReadonlySet<string>): Json {
  const row: MutableObject = {};
  cursor.expect('(');
  for (const [i, column] of columns.entries()) {
    if (i > 0) cursor.expect(',');
    const value = literalOf(cursor.next(), cursor);
    setProperty(row, column, typeof value === 'string' && json.has(column) ? JSON.parse(value) : value);
  }
  cursor.expect(')');
  return withoutEmptyFields(row);
}

/** A row whose only field is `payload` is of a payload that is no object: the columns of other rows are not its own. */
function withoutEmptyFields(row: JsonObject): JsonObject {
  const fields = Object.entries(row).filter(([name]) => name !== '_key' && name !== '_created_at');
  const given = fields.filter(([, value]) => value !== null);
  const { _key = null, _created_at = null, payload = null } = row;
  return given.length === 1 && payload !== null ? { _key, _created_at, payload } : row;
}

/** `INSERT INTO "t" ("a", …) VALUES (…), (…)` → its rows, each with its line. */
function* readInsert(cursor: Cursor, statement: SqlStatement, jsonColumns: JsonColumns): Generator<Found> {
  const table = nameOf(cursor.next());
  const columns = readColumns(cursor);
  cursor.expect('VALUES');
  let [line, counted] = [statement.line, 0];
  for (;;) {
    const start = cursor.offset();
    const blank = /^\s*/.exec(statement.text.slice(start))?.[0].length ?? 0;
    line += newlines(statement.text.slice(counted, start + blank));
    counted = start + blank;
    yield { line, value: readRow(cursor, columns, jsonColumns.get(table) ?? new Set()) };
    const after = cursor.next()?.text;
    if (after === undefined) return;
    if (after !== ',') throw new Error(`${after} found, a comma expected`);
  }
}

function* readStatement(statement: SqlStatement, mysql: boolean, jsonColumns: JsonColumns): Generator<Found> {
  const cursor = cursorOf(statement.text, mysql);
  const [first, second] = [cursor.next()?.text, cursor.next()?.text];
  if (first === 'CREATE' && second === 'TABLE') readTable(cursor, jsonColumns);
  else if (first === 'INSERT' && second === 'INTO') yield* readInsert(cursor, statement, jsonColumns);
  else throw new Error('neither CREATE TABLE nor INSERT INTO');
}

/** The rows of an SQL export of ours; other SQL is rejected statement by statement. */
export async function* readSql(chunks: Chunks): AsyncGenerator<Found> {
  const jsonColumns: JsonColumns = new Map();
  let mysql: boolean | undefined;
  for await (const statement of sqlStatements(chunks)) {
    const { line, text, cut } = statement;
    mysql ??= /["`]/.exec(text)?.[0] === '`';
    try {
      yield* readStatement(statement, mysql, jsonColumns);
      if (cut) yield { line, reason: 'the file ends before the semicolon of this statement' };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      yield { line, reason: cut ? 'the file ends inside of this statement' : reason };
    }
  }
}
