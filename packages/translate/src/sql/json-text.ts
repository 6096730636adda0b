import type { Span } from '@drops/diagnostics';
import type { Json } from '@drops/ir';
import { literal, type SqlContext } from './context.js';
import type { Fragment } from './fragment.js';

/** A value as a literal of JSON text. */
export function jsonText(context: SqlContext, of: Json, span: Span): Fragment {
  // JSON writes U+0000 as an escape; whoever cannot hold the character cannot hold the escape either.
  const problem = holdsNul(of) ? context.dialect.textProblem('\0') : undefined;
  if (problem !== undefined) context.refuse('this value', problem, span);
  return literal(context, JSON.stringify(of), span);
}

function holdsNul(of: Json): boolean {
  if (typeof of === 'string') return of.includes('\0');
  if (of === null || typeof of !== 'object') return false;
  return Object.entries(of).some(([name, member]) => name.includes('\0') || holdsNul(member));
}
