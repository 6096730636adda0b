import type { Json, RouteScanPath } from '@drops/ir';
import type { StateSelect } from '../store.js';
import { shifted } from './access-paths.js';
import { stateAt } from './drop-rows.js';
import type { View } from './view.js';

/** A value of the driver as JSON has it. */
function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** The rows of a SELECT over the live drops of a route, access lists aside. */
export async function selectRows(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly (readonly Json[])[]> {
  const { tx, now } = await view.at();
  const entities = path.rows === 'entities' ? 'v.key is not null and' : '';
  const only = `${entities} (v.expires = 0 or v.expires > $3) and (v.key is null or v.key <> '_access')`;
  const rows = await view.connection.read({
    text: `with state as (${stateAt({ routes: '= $1', tx: '$2' }, only)}) ${shifted(select, 3)}`,
    // A route that nobody has written to has no rows, but a count has one.
    values: [view.catalogue.route(path.route)?.id ?? 0, tx, now, ...select.parameters],
  });
  return rows.map((row) => row.map(jsonOf));
}
