import { walk, type Plan, type SqlDialectName } from '@drops/ir';
import { fidelityLog } from './fidelity.js';
import type { SqlDialect } from './sql/dialect.js';
import { sqlContext, type ColumnLookup } from './sql/context.js';
import { clause, join, type Fragment } from './sql/fragment.js';
import { mysql } from './sql/mysql.js';
import { postgres } from './sql/postgres.js';
import { renderBound, renderText, type RenderedBound as BoundSql } from './sql/render.js';
import { sqlite } from './sql/sqlite.js';
import { writeStatements } from './sql/write-statement.js';
import type { Translation } from './translation.js';

/** The SQL products, by the name a statement gives them. */
export const dialects: { readonly [N in SqlDialectName]: SqlDialect } = { sql: postgres, mysql, sqlite };

const noColumns: ColumnLookup = () => undefined;

function write(plan: Plan, dialect: SqlDialect, columns: ColumnLookup) {
  const fidelity = fidelityLog();
  const context = sqlContext(dialect, fidelity, columns, routesOf(plan));
  const statements = writeStatements(context, plan);
  const fragment: Fragment = join(
    statements.map((s) => clause`${s};`),
    '\n',
  );
  return { fragment, fidelity: fidelity.result() };
}

/** The routes a plan reads: the names of its tables. */
function routesOf(plan: Plan): ReadonlySet<string> {
  const routes = new Set<string>();
  walk(plan, (node) => {
    if (node.kind === 'Scan') routes.add(node.route.toLowerCase());
  });
  return routes;
}

/** SQL text with its values as literals; parameters without a value stay placeholders, named in order. */
export function translateSql(
  plan: Plan,
  target: SqlDialectName,
  columns: ColumnLookup = noColumns,
): Translation {
  const dialect = dialects[target];
  const { fragment, fidelity } = write(plan, dialect, columns);
  const { sql, parameters } = renderText(fragment, dialect);
  return { target, output: sql, fidelity, ...(parameters.length > 0 && { parameters }) };
}

/** SQL with its values bound, for programs that run it. Every parameter of the plan must have its value. */
export function bindSql(plan: Plan, target: SqlDialectName, columns: ColumnLookup = noColumns): BoundSql {
  const dialect = dialects[target];
  return renderBound(write(plan, dialect, columns).fragment, dialect);
}

export type { BoundSql };
