import type { Json, JsonObject } from '@drops/diagnostics';
import type { NewDrop, Reply } from '@drops/engine';

/** Most operations of a bulk (contract: Limits). */
export const maxBulk = 1000;

export interface BulkText {
  readonly text: string;
  readonly params: JsonObject;
}

/** Drops as one bulk: the text holds placeholders only, every value is a parameter. */
export function bulkOf(drops: readonly (NewDrop & { readonly route: string })[]): BulkText {
  const lines: string[] = [];
  const params: [string, JsonObject[string]][] = [];
  const now = Date.now();
  for (const [i, { route, key, payload, price, expiresAt }] of drops.entries()) {
    const put = (name: string, value: JsonObject[string]) => {
      params.push([`${name}${i}`, value]);
      return `$${name}${i}`;
    };
    const target = key === null ? route : `${route} @${put('k', key)}`;
    const priced = price === undefined ? '' : ` price ${put('c', price)}`;
    // What is left of a life is counted from when the server writes: it ends later by the time of the way.
    const kept = expiresAt === undefined ? '' : ` keep ${put('e', Math.max(1, expiresAt - now) / 1000)}`;
    lines.push(`save ${target} ${put('p', payload)}${priced}${kept}`);
  }
  return { text: `bulk (\n${lines.join(',\n')}\n)`, params: Object.fromEntries(params) };
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([found]) => found === name)?.[1];
}

/** Which drop of a write the reply blames, and why; undefined when the failure is of the whole. */
export function blamedIn(reply: Reply): { readonly index: number; readonly reason: string } | undefined {
  const error = member(reply.body, 'error');
  const details = member(error, 'details');
  const index = member(Array.isArray(details) ? details[0] : undefined, 'index');
  return typeof index === 'number' ? { index, reason: String(member(error, 'message')) } : undefined;
}
