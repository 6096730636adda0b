import type { Span } from '@drops/diagnostics';
import type { Json, SqlDialectName } from '@drops/ir';
import { fidelityLog } from './fidelity.js';
import { identifier, sqlContext } from './sql/context.js';
import { renderText } from './sql/render.js';
import { writeJson } from './sql/write-value.js';
import { dialects } from './translate-sql.js';

/** The names and literals of one product, for text that is made of data alone. */
export interface TableText {
  /** The product's name, for messages. */
  readonly title: string;
  /** `a` and `A` are one column. */
  readonly foldsColumnNames: boolean;
  /** A quoted name. UNSUPPORTED for one that the product would cut or refuse. */
  name(name: string): string;
  /** A literal: arrays and objects as JSON text. UNSUPPORTED for a value that the product cannot hold. */
  value(value: Json): string;
  /** The literal of an instant, from ISO 8601 with milliseconds and `Z`. */
  time(iso: string): string;
}

const nowhere: Span = { start: 0, end: 0 };

/** How a dialect writes the names and values of a table. */
export function tableText(name: SqlDialectName): TableText {
  const dialect = dialects[name];
  const context = sqlContext(dialect, fidelityLog(), () => undefined, new Set());
  return {
    title: dialect.title,
    foldsColumnNames: dialect.foldsColumnNames,
    name: (text) => renderText(identifier(context, text, nowhere), dialect).sql,
    value: (value) => renderText(writeJson(context, value, nowhere), dialect).sql,
    time: (iso) => dialect.time?.literal(iso) ?? dialect.text(iso),
  };
}
