import type { Json, JsonObject } from '@drops/diagnostics';
import { cellOf } from './cell.js';
import { columnsOf, isObject } from './rows.js';
import { drawTable } from './table.js';
import { cutTo, padTo, widthOf } from './width.js';

/** A result as people read it: rows as a table, texts as they are, other things as name and value. */
export function present(body: Json, columns: number | undefined): string {
  if (!isObject(body)) return cellOf(body);
  const { results, versions, text, output, count } = body;
  if (Array.isArray(results)) {
    if (typeof count !== 'number')
      return results.map((result: Json) => present(result, columns)).join('\n\n');
    return presentRows(results, body, columns);
  }
  if (Array.isArray(versions)) return presentRows(versions, body, columns);
  if (typeof text === 'string' && isObject(body['plan'])) return text;
  if (typeof output === 'string') return output;
  return presentFields(body, columns);
}

function presentRows(rows: readonly Json[], body: JsonObject, columns: number | undefined): string {
  const foot = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${moreOf(body)}`;
  return rows.length === 0 ? foot : `${drawTable(columnsOf(rows), columns)}\n${foot}`;
}

function moreOf(body: JsonObject): string {
  if (body['has_more'] !== true) return '';
  const { cursor } = body;
  return typeof cursor === 'string' ? `, more: after "${cursor}"` : ', more';
}

/** `{ count: 3 }` is 3; lists of objects are tables; the rest is a line a field. */
function presentFields(body: JsonObject, columns: number | undefined): string {
  const entries = Object.entries(body).filter(([name]) => name !== 'warnings');
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'count') return cellOf(only[1]);
  const plain = entries.filter(([, value]) => !isBlock(value));
  const blocks = entries.filter(([, value]) => isBlock(value));
  const lines = plain.length === 0 ? [] : [drawFields(plain, columns)];
  for (const [name, value] of blocks) lines.push(`${cellOf(name)}:`, indent(presentBlock(value, columns)));
  return lines.join('\n');
}

/** Objects and lists of objects get lines of their own. */
function isBlock(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item: Json) => isObject(item));
  return isObject(value) && Object.keys(value).length > 0;
}

function presentBlock(value: Json, columns: number | undefined): string {
  const room = columns === undefined ? undefined : columns - 2;
  return Array.isArray(value) ? drawTable(columnsOf(value), room) : present(value, room);
}

function drawFields(entries: readonly (readonly [string, Json])[], columns: number | undefined): string {
  const names = entries.map(([name]) => cellOf(name));
  const width = Math.max(...names.map(widthOf));
  return entries
    .map(([, value], index) => {
      const line = `${padTo(names[index] ?? '', width, 'right')}  ${cellOf(value)}`.trimEnd();
      return columns === undefined ? line : cutTo(line, columns);
    })
    .join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
