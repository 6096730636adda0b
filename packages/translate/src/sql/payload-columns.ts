import type { Span } from '@drops/diagnostics';
import { isArray, isObject, type Expression, type Json } from '@drops/ir';
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
  const members = membersOf(context, payload);
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

function membersOf(context: SqlContext, payload: Expression): readonly (readonly [string, Expression])[] {
  if (payload.kind === 'Object') return payload.members.map((m) => [m.name, m.value]);
  if (payload.kind !== 'Lit') {
    return context.refuse('this payload', 'its fields are not known before the parameter is', payload.span);
  }
  const value = parsedOnce(payload.value);
  const { span } = payload;
  if (!isObject(value)) return [['payload', { kind: 'Lit', value, span }]];
  return Object.entries(value).map(([name, member]) => [name, { kind: 'Lit', value: member, span }]);
}

/** A text that is the JSON of an object or array is stored as what it says. */
function parsedOnce(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    const parsed: Json = JSON.parse(value);
    return isArray(parsed) || isObject(parsed) ? parsed : value;
  } catch {
    return value;
  }
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
