import {
  setProperty,
  type CapabilityRest,
  type CapabilitySignature,
  type Invoke,
  type Json,
  type MutableObject,
  type RestPlace,
} from '@drops/ir';
import type { HttpRequest } from './http-request.js';

/** A value and where it goes in the request. */
interface Placed {
  readonly name: string;
  readonly place: RestPlace;
  readonly value: Json;
}

/** A service statement as the request its capability declares; undefined while a parameter has no value. */
export function serviceRequest(node: Invoke, signature: CapabilitySignature): HttpRequest | undefined {
  const { rest } = signature;
  const placed = placedValues(node, rest);
  if (!placed) return undefined;
  const path = fillPath(rest.path, placed);
  if (path === undefined) return undefined;
  const at = (place: RestPlace): readonly Placed[] => placed.filter((p) => p.place === place);
  const query = at('query').map(
    (p) => `${encodeURIComponent(p.name)}=${encodeURIComponent(plainText(p.value))}`,
  );
  const body: MutableObject = {};
  for (const { name, value } of at('body')) setProperty(body, name, value);
  return {
    method: rest.method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    ...(rest.method === 'POST' && { body: { type: 'application/json', text: JSON.stringify(body) } }),
  };
}

function placedValues(node: Invoke, rest: CapabilityRest): readonly Placed[] | undefined {
  const placed: Placed[] = [];
  if (node.target !== undefined)
    placed.push({ ...(rest.target ?? { place: 'path', name: 'target' }), value: node.target });
  if (typeof node.key === 'object') return undefined;
  if (node.key !== undefined)
    placed.push({ ...(rest.key ?? { place: 'path', name: 'key' }), value: node.key });
  for (const { name, value } of node.arguments) {
    if (value.kind !== 'Lit') return undefined;
    placed.push({
      name,
      place: rest.path.includes(`{${name}}`) ? 'path' : rest.parameters,
      value: value.value,
    });
  }
  return placed;
}

const plainText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The slashes of a route stay slashes. */
const encodePath = (value: Json): string => plainText(value).split('/').map(encodeURIComponent).join('/');

function fillPath(template: string, placed: readonly Placed[]): string | undefined {
  let complete = true;
  const path = template.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const found = placed.find((p) => p.name === name);
    if (!found) complete = false;
    return found ? encodePath(found.value) : '';
  });
  return complete ? path : undefined;
}
