import type { Diagnostic } from '@drops/diagnostics';
import type { Script, Statement } from './ast/index.js';
import { parse } from './parse.js';
import { print } from './print/print.js';

export type FormatResult = { readonly text: string } | { readonly errors: readonly Diagnostic[] };

/** The canonical form of a script, comments kept in their order; or what is wrong with it, and then nothing else. */
export function format(text: string): FormatResult {
  const { statements, comments } = parse(text);
  const errors = statements.flatMap((one) => (one.ok ? [] : one.errors));
  if (errors.length > 0) return { errors };
  const trees: Statement[] = statements.flatMap((one) => (one.ok ? [one.statement] : []));
  const script: Script = {
    kind: 'Script',
    statements: trees,
    comments,
    span: { start: 0, end: text.length },
  };
  return { text: print(script, { source: text }) };
}
