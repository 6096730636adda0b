import { emptyCatalog, lower, type Catalog } from '@drops/analyzer';
import { DropsError } from '@drops/diagnostics';
import type { Plan } from '@drops/ir';
import { parse } from '@drops/syntax';

/** The plan of one statement, for tests. */
export function planOf(text: string, catalog: Catalog = emptyCatalog): Plan {
  const [only] = parse(text).statements;
  if (!only) throw new Error(`no statement: ${text}`);
  if (!only.ok)
    throw new DropsError(
      only.errors[0] ?? { code: 'SYNTAX_ERROR', message: text, severity: 'error', status: 400 },
    );
  return lower(only.statement, catalog).plan;
}
