import { type Fragment } from './fragment.js';
import type { SqlDialect } from './dialect.js';

export interface RenderedText {
  readonly sql: string;
  /** Names of the parameters that stand as placeholders, in order. */
  readonly parameters: readonly string[];
}

/** SQL with every value as a literal; parameters without a value stay placeholders. */
export function renderText(fragment: Fragment, dialect: SqlDialect): RenderedText {
  const parameters: string[] = [];
  let sql = '';
  for (const piece of fragment.pieces) {
    if (typeof piece === 'string') sql += piece;
    else if (piece.kind === 'value') sql += literal(piece.value, dialect);
    else {
      parameters.push(piece.name);
      sql += dialect.placeholder(parameters.length);
    }
  }
  return { sql, parameters };
}

export interface RenderedBound {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** SQL with every value bound: placeholders in the text, the values beside it. The plan holds no parameter any more. */
export function renderBound(fragment: Fragment, dialect: SqlDialect): RenderedBound {
  const parameters: (string | number)[] = [];
  let sql = '';
  for (const piece of fragment.pieces) {
    if (typeof piece === 'string') sql += piece;
    else if (piece.kind === 'value') {
      parameters.push(piece.value);
      sql += dialect.boundValue(parameters.length, piece.value);
    }
  }
  return { sql, parameters };
}

function literal(value: string | number, dialect: SqlDialect): string {
  return typeof value === 'string' ? dialect.text(value) : numberText(value);
}

/** The shortest decimal text that reads back as the same number. */
function numberText(value: number): string {
  return value === 0 ? '0' : String(value);
}
