import type { Json } from '@drops/diagnostics';

function literal(value: Json): unknown {
  if (value === null) return { kind: 'NullValue' };
  if (typeof value === 'string') return { kind: 'StringValue', value };
  if (typeof value === 'number') return { kind: 'NumberValue', value: value === 0 ? 0 : value };
  if (typeof value === 'boolean') return { kind: 'BooleanValue', value };
  if (Array.isArray(value)) return { kind: 'ArrayValue', items: value.map(literal) };
  return {
    kind: 'ObjectValue',
    members: Object.entries(value).map(([name, member]) => ({ name, value: literal(member) })),
  };
}

/**
 * A tree without its spans, for comparing what two texts mean. Large literals, which are read as JSON, become the
 * nodes that the grammar makes of small ones.
 */
export function withoutSpans(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withoutSpans);
  if ('kind' in node && node.kind === 'JsonValue' && 'value' in node) return literal(node.value as Json);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name, value]) => name !== 'span' && name !== 'offsets' && value !== undefined)
      .map(([name, value]) => [name, withoutSpans(value)]),
  );
}
