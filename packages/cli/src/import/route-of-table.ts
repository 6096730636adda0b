import { checkRoute } from '@drops/diagnostics';
import { CommandFailure } from '../failures.js';

/** The route of one table among several. Names that are no part of a route end the command before anything is written. */
export function routeOfTable(file: string, prefix: string, table: string): string {
  const route = `${prefix}/${table}`;
  const fault = table.includes('/') ? { message: 'a table with a slash in its name' } : checkRoute(route);
  if (!fault) return route;
  throw new CommandFailure(
    `${file}: the table ${JSON.stringify(table)} cannot be the route ${route}: ${fault.message}; import it alone, with --table and a --route of its own`,
  );
}
