import type { Span } from '@drops/diagnostics';
import { isArray, isObject, type Expression, type Json } from '@drops/ir';

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

/** The fields that a payload writes; one that is no object is the field `payload`. A parameter is refused. */
export function payloadMembers(
  payload: Expression,
  refuse: (what: string, why: string, span: Span) => never,
): readonly (readonly [string, Expression])[] {
  if (payload.kind === 'Object') return payload.members.map((m) => [m.name, m.value]);
  if (payload.kind !== 'Lit') {
    return refuse('this payload', 'its fields are not known before the parameter is', payload.span);
  }
  const value = parsedOnce(payload.value);
  const { span } = payload;
  if (!isObject(value)) return [['payload', { kind: 'Lit', value, span }]];
  return Object.entries(value).map(([name, member]) => [name, { kind: 'Lit', value: member, span }]);
}
