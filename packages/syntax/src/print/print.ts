import type { Comment, Script, Statement } from '../ast/index.js';
import { group, indent, layOut } from './doc.js';
import { statementDocs } from './statements.js';

export interface PrintOptions {
  /** Columns of a line; strings and names are never broken. Default 100. */
  readonly width?: number;
  /**
   * The text that the script was parsed from. With it, a comment behind a statement stays behind it, and one
   * blank line stays where there were some.
   */
  readonly source?: string;
}

function printStatement(statement: Statement, width: number): string {
  return layOut(group(indent(...statementDocs(statement))), width);
}

/** One row of output: a statement or a comment, with its place in the source. */
interface Row {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** Statements and comments in their order; a comment inside a statement moves above it. */
function rowsOf(script: Script, width: number): Row[] {
  const rows: Row[] = [];
  const comments: Comment[] = [...script.comments];
  const addComments = (before: number) => {
    for (let next = comments[0]; next && next.span.start < before; next = comments[0]) {
      comments.shift();
      rows.push({ text: next.text.trimEnd(), start: next.span.start, end: next.span.end, isComment: true });
    }
  };
  for (const statement of script.statements) {
    const { start, end } = statement.span;
    addComments(end);
    rows.push({ text: printStatement(statement, width), start, end, isComment: false });
  }
  addComments(Infinity);
  return rows;
}

/** What stands between two rows: a space before a comment on the same line, else one or two line breaks. */
function separator(previous: Row, next: Row, source: string | undefined): string {
  if (source === undefined || next.start < previous.end) return '\n';
  const gap = source.slice(previous.end, next.start);
  if (next.isComment && !gap.includes('\n')) return previous.isComment ? '\n' : '  ';
  return /\n[ \t\r]*\n/.test(gap) ? '\n\n' : '\n';
}

function printScript(script: Script, width: number, source: string | undefined): string {
  const rows = rowsOf(script, width);
  let previous: Row | undefined;
  let text = '';
  for (const row of rows) {
    if (previous) text += separator(previous, row, source);
    text += row.text;
    previous = row;
  }
  return text === '' ? '' : `${text}\n`;
}

/**
 * Writes a statement or a script in its canonical form: aliases resolved, clauses in their order, no needless
 * quotes, lines of at most 100 columns. A script ends in a line break, a statement does not.
 */
export function print(node: Script | Statement, options: PrintOptions = {}): string {
  const width = options.width ?? 100;
  return node.kind === 'Script' ? printScript(node, width, options.source) : printStatement(node, width);
}
