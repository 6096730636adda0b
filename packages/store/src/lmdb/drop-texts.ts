import type { IndexScanPath } from '@drops/ir';
import type { DropText } from '../store.js';
import { entityRow, isEventRow, keyOfRow } from './rows/binary-keys.js';
import { readRowText } from './rows/current-row.js';
import { isExact } from './indexes/index-keys.js';
import { cursorOf } from './indexes/index-rows.js';
import { liveDrop, type View } from './rows/read-drop.js';
import { readyIndex } from './indexes/ready-index.js';
import type { Route } from './rows/routes.js';

/** The drop of a row of `current` as JSON text; undefined when it has expired. */
function liveText(view: View, route: Route, key: string | null, bytes: Buffer): string | undefined {
  const text = readRowText(bytes, route.path, key, view.now);
  if (text !== undefined) return text ?? undefined;
  const drop = liveDrop(view, route, key, bytes);
  return drop && JSON.stringify(drop);
}

/** The live entity of a key as JSON text; undefined for none, and for a state of the past. */
export function entityText(view: View, path: string, key: string): string | undefined {
  const route = view.past ? undefined : view.routes.find(view.reader, path);
  const bytes = route && view.reader.peek(view.environment.current, entityRow(route.id, key));
  return bytes && liveText(view, route, key, bytes);
}

/** Longer pages are left to whoever counts what they hold in memory. */
const mostCharacters = 16 << 20;

/** The first drops of an index scan as JSON texts; undefined where its entries do not tell which rows are asked for, and for long ones. */
export function textsOf(view: View, path: IndexScanPath, limit: number): readonly DropText[] | undefined {
  const route = view.routes.find(view.reader, path.route);
  if (view.past || !route || !readyIndex(view, path) || !isExact(path)) return undefined;
  view.indexes.uses.note(path.index);
  const texts: DropText[] = [];
  let characters = 0;
  const cursor = cursorOf(path, route);
  const take = (row: string): boolean => {
    const key = isEventRow(row) ? null : keyOfRow(row);
    if (key === null && path.rows === 'entities') return true;
    const bytes = view.reader.peek(view.environment.current, row);
    const text = bytes && liveText(view, route, key, bytes);
    if (text === undefined) return true;
    texts.push({ key, text });
    characters += text.length;
    return texts.length < limit && characters <= mostCharacters;
  };
  for (let ended = false; !ended && texts.length < limit && characters <= mostCharacters;) {
    ended = cursor.read(view, take, { rows: limit, bytes: 4 << 20 });
  }
  return characters <= mostCharacters ? texts : undefined;
}
