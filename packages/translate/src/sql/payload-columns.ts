import type { Span } from '@drops/diagnostics';
import type { Expression } from '@drops/ir';
import { payloadMembers } from '../payload-members.js';
import { identifier, type SqlContext } from './context.js';
import { parameter, type Fragment } from './fragment.js';
import { writeJson } from './write-value.js';

/** A column and what goes into it. */
export interface Assignment {
  readonly column: Fragment;
  readonly value: Fragment;
}

const reserved: ReadonlySet<string> = new Set(['_key', '_created_at']);

/** The columns a payload fills: one a field; what is no object is column `payload`. */
export function payloadColumns(context: SqlContext, payload: Expression): readonly Assignment[] {
  const members = payloadMembers(payload, context.refuse);
  checkNames(
    context,
    members.map(([name]) => name),
    payload.span,
  );
  return members.map(([name, of]) => ({
    column: identifier(context, name, of.span),
    value: memberValue(context, of),
  }));
}

function memberValue(context: SqlContext, of: Expression): Fragment {
  if (of.kind === 'Param') return parameter(of.name);
  if (of.kind === 'Lit') return writeJson(context, of.value, of.span);
  return context.refuse('this value', 'it holds a parameter without a value', of.span);
}

function checkNames(context: SqlContext, names: readonly string[], span: Span): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (reserved.has(name))
      context.refuse(`the field ${name}`, 'the table has a system column of that name', span);
    const folded = context.dialect.foldsColumnNames ? name.toLowerCase() : name;
    const other = seen.get(folded);
    if (other !== undefined) {
      context.refuse(
        `the fields ${other} and ${name}`,
        'its column names ignore case, so both would be one column',
        span,
      );
    }
    seen.set(folded, name);
  }
}
