import {
  bindParameters,
  type ParameterValues,
  type Plan,
  type SqlDialectName,
  type TranslationTarget,
} from '@drops/ir';
import { fidelityLog } from './fidelity.js';
import { buildRequest, type RequestOptions } from './http/build-request.js';
import { writeCurl } from './http/write-curl.js';
import { writeRest } from './http/write-rest.js';
import type { ColumnLookup } from './sql/context.js';
import { translateMongo } from './translate-mongo.js';
import { bindSql, translateSql, type BoundSql } from './translate-sql.js';
import type { Translation } from './translation.js';

export interface TranslateOptions extends Pick<RequestOptions, 'source' | 'capability'> {
  /** Values of the parameters; without them they stay placeholders in SQL, and `$name` in the text sent to `/exec`. */
  readonly params?: ParameterValues;
  /** Base of the URLs in curl and REST; default http://127.0.0.1:7700. */
  readonly publicUrl?: string;
  /** The columns of a table, where they are known: tells which side of a join has a name. */
  readonly columns?: ColumnLookup;
}

/**
 * A plan in another language, and how far it says the same.
 * UNSUPPORTED with the span of what the target cannot express, and why; never silently left out.
 *
 * `find users where role = "admin"` → `SELECT * FROM "users" WHERE "role" = 'admin';`
 */
export function translate(
  plan: Plan,
  target: TranslationTarget,
  options: TranslateOptions = {},
): Translation {
  const bound = options.params ? bindParameters(plan, options.params) : plan;
  if (target === 'mongo') return translateMongo(bound);
  if (target !== 'curl' && target !== 'rest') return translateSql(bound, target, options.columns);
  const log = fidelityLog();
  const request = buildRequest(bound, options, log);
  const output =
    target === 'curl' ? writeCurl(request, options.publicUrl) : writeRest(request, options.publicUrl);
  return { target, output, fidelity: log.result() };
}

/**
 * A plan as SQL with its values bound, for programs that run it: `$1` in PostgreSQL, `?` elsewhere.
 * UNKNOWN_PARAMETER when a parameter of the plan has no value.
 */
export function translateParameterised(
  plan: Plan,
  dialect: SqlDialectName,
  options: Pick<TranslateOptions, 'params' | 'columns'> = {},
): BoundSql {
  return bindSql(bindParameters(plan, options.params ?? new Map()), dialect, options.columns);
}
