import { compareStrings } from '../values/compare.js';
import { isArray, setProperty, type Json, type MutableObject } from '../values/json.js';
import type { IrNode } from './walk.js';

/** A deep copy without the spans of nodes: what is left is the meaning. Literal values stay as they are, whatever names they hold. */
export function stripSpans(node: IrNode): Json {
  return strip(JSON.parse(JSON.stringify(node)));
}

function strip(value: Json): Json {
  if (isArray(value)) return value.map(strip);
  if (value === null || typeof value !== 'object') return value;
  const copy: MutableObject = {};
  const literal = value['kind'] === 'Lit';
  for (const [name, member] of Object.entries(value)) {
    if (name !== 'span' && !(literal && name === 'slot'))
      setProperty(copy, name, literal && name === 'value' ? member : strip(member));
  }
  return copy;
}

/** True when two plans, relations or expressions say the same, wherever they were written. */
export function equalPlans(a: IrNode, b: IrNode): boolean {
  return a === b || JSON.stringify(canonical(stripSpans(a))) === JSON.stringify(canonical(stripSpans(b)));
}

/** Members in one order, so that two ways of building a node compare equal. */
function canonical(value: Json): Json {
  if (isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.keys(value)
    .sort(compareStrings)
    .map((name) => [name, canonical(value[name] ?? null)]);
}
