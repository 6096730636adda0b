import type { Member, Value } from '../ast/index.js';

/** The members of an object, also of one that JSON.parse read; anything else has none. */
export function membersOf(value: Value): readonly Member[] {
  if (value.kind === 'ObjectValue') return value.members;
  if (value.kind !== 'JsonValue' || typeof value.value !== 'object' || value.value === null) return [];
  if (Array.isArray(value.value)) return [];
  const { span } = value;
  return Object.entries(value.value).map(([name, member]) => ({
    name,
    value: { kind: 'JsonValue', value: member, span },
    span,
  }));
}
