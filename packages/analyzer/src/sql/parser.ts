import { fail, type Span } from '@drops/diagnostics';
import type { Node, ParseResult, SelectStmt } from '@pgsql/types';
import { keyOf, type SqlPlaces } from './places.js';

interface Parser {
  readonly parseSync: (sql: string) => ParseResult;
}

let parser: Parser | undefined;

/** Most characters of one SQL text. */
const maxLength = 100_000;

/** Loads PostgreSQL's own parser, which only those who read SQL need. To be awaited before `lower` meets `sql "…"`. */
export async function loadSqlParser(): Promise<void> {
  if (parser) return;
  const loaded = await import('libpg-query');
  await loaded.loadModule();
  parser = loaded;
}

/** What a parser says that stumbles over its own depth. */
const tooDeep = /memory exhausted|stack/;

function failParse(thrown: unknown, places: SqlPlaces): never {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof RangeError || tooDeep.test(message)) {
    return fail('SQL_ERROR', 'the SQL is nested too deeply', { span: places.whole });
  }
  const details: unknown = thrown instanceof Error && 'sqlDetails' in thrown ? thrown.sqlDetails : undefined;
  const at =
    typeof details === 'object' && details !== null && 'cursorPosition' in details
      ? Number(details.cursorPosition)
      : undefined;
  fail('SQL_ERROR', `PostgreSQL's grammar: ${message}`, {
    span: at === undefined ? places.whole : places.atCharacter(at),
  });
}

/** What the statements that change something are called in Drops. */
const dropsForms: ReadonlyMap<string, string> = new Map([
  ['InsertStmt', 'save R @key name: "value"'],
  ['UpdateStmt', 'update R @key name: "value"'],
  ['DeleteStmt', 'remove R @key, or find R where … then remove'],
  ['MergeStmt', 'update R @key name: "value"'],
  ['CreateStmt', 'define R: a text, b number (a route needs no table)'],
  ['DropStmt', 'find R then remove'],
  ['TruncateStmt', 'find R then remove'],
  ['IndexStmt', 'define R index field'],
  ['ViewStmt', 'find R where … as name'],
  ['ExplainStmt', 'explain sql "SELECT …"'],
]);

function selectOf(statement: Node | undefined, span: Span): SelectStmt {
  if (statement && 'SelectStmt' in statement) return statement.SelectStmt;
  const kind = statement === undefined ? 'nothing' : keyOf(statement);
  const form = dropsForms.get(kind);
  const name = kind.replace(/Stmt$/, '').toUpperCase();
  fail('SQL_ERROR', `sql reads with SELECT; ${name} is no such statement`, {
    span,
    ...(form !== undefined && { hint: `in Drops: ${form}` }),
  });
}

/** How deep a tree may be: some four levels stand for one of the text. What walks it recurses. */
const maxTreeDepth = 500;

function depthOf(tree: unknown): number {
  let deepest = 0;
  const waiting: (readonly [value: unknown, depth: number])[] = [[tree, 0]];
  for (let next = waiting.pop(); next && deepest <= maxTreeDepth; next = waiting.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    deepest = Math.max(deepest, depth);
    for (const part of Object.values(value)) waiting.push([part, depth + 1]);
  }
  return deepest;
}

function read({ parseSync }: Parser, text: string, places: SqlPlaces): ParseResult {
  try {
    const tree: ParseResult = parseSync(text);
    return tree;
  } catch (thrown) {
    return failParse(thrown, places);
  }
}

/** One SELECT in PostgreSQL's syntax; SQL_ERROR with the place for anything else. */
export function parseSelect(text: string, places: SqlPlaces): SelectStmt {
  if (!parser)
    return fail('NOT_AVAILABLE', 'the parser of SQL was not loaded', {
      span: places.whole,
      hint: 'await loadLanguages(text) first',
    });
  if (text.length > maxLength) {
    fail('SQL_ERROR', `the SQL has ${text.length} characters, at most ${maxLength} are read`, {
      span: places.whole,
    });
  }
  if (text.trim() === '') fail('SQL_ERROR', 'there is no SELECT', { span: places.whole });
  const [first, second] = read(parser, text, places).stmts ?? [];
  if (depthOf(first) > maxTreeDepth) {
    fail('SQL_ERROR', 'the SQL is nested too deeply', { span: places.whole });
  }
  if (second) {
    fail('SQL_ERROR', 'sql takes one SELECT, this is a second statement', {
      span: places.atByte(second.stmt_location ?? 0),
    });
  }
  return selectOf(first?.stmt, places.whole);
}
