import type { JsonObject } from '@drops/diagnostics';
import type { NewDrop } from '@drops/engine';

/** Most operations of a bulk (contract: Limits). */
export const maxBulk = 1000;

export interface BulkText {
  readonly text: string;
  readonly params: JsonObject;
}

/** Drops as one bulk: the text holds placeholders only, every value is a parameter. */
export function bulkOf(route: string, drops: readonly NewDrop[]): BulkText {
  const lines: string[] = [];
  const params: [string, JsonObject[string]][] = [];
  for (const [i, { key, payload, price }] of drops.entries()) {
    const put = (name: string, value: JsonObject[string]) => {
      params.push([`${name}${i}`, value]);
      return `$${name}${i}`;
    };
    const target = key === null ? route : `${route} @${put('k', key)}`;
    const priced = price === undefined ? '' : ` price ${put('c', price)}`;
    lines.push(`save ${target} ${put('p', payload)}${priced}`);
  }
  return { text: `bulk (\n${lines.join(',\n')}\n)`, params: Object.fromEntries(params) };
}
