import type { Chunks } from './lines.js';
import { newlines } from './newlines.js';

export interface SqlStatement {
  /** Where it begins. */
  readonly line: number;
  readonly text: string;
  /** The file ends inside of it. */
  readonly cut: boolean;
}

/**
 * The statements of an SQL text. In MySQL's a backslash escapes; what is MySQL's is known by its backticks,
 * which come before the first text.
 */
export async function* sqlStatements(chunks: Chunks): AsyncGenerator<SqlStatement> {
  let text = '';
  let at = 0;
  let line = 1;
  let quote: string | undefined;
  let mysql: boolean | undefined;
  for await (const chunk of chunks) {
    text += chunk;
    let start = 0;
    for (; at < text.length; at += 1) {
      const char = text.charAt(at);
      if (quote !== undefined) {
        if (char === '\\' && quote === "'" && mysql === true) at += 1;
        else if (char === quote) quote = undefined;
      } else if (char === "'" || char === '"' || char === '`') {
        quote = char;
        if (char !== "'") mysql ??= char === '`';
      } else if (char === ';') {
        const statement = text.slice(start, at);
        const blank = /^\s*/.exec(statement)?.[0] ?? '';
        yield { line: line + newlines(blank), text: statement.slice(blank.length), cut: false };
        line += newlines(statement);
        start = at + 1;
      }
    }
    text = text.slice(start);
    at -= start;
  }
  const blank = /^\s*/.exec(text)?.[0] ?? '';
  if (blank.length < text.length) {
    yield { line: line + newlines(blank), text: text.slice(blank.length), cut: true };
  }
}
