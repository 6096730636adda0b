import { DropsError, toDiagnostic, toErrorBody, type Diagnostic, type ErrorBody } from '@drops/diagnostics';
import { isObject, type Json } from '@drops/ir';
import type { Reply } from './engine.js';
import type { Host } from './host.js';

/** What became of one statement. */
export type Outcome =
  { readonly ok: true; readonly result: Json } | { readonly ok: false; readonly error: ErrorBody };

/** Plain data of our own making as JSON: absent fields vanish, spans become objects of their own. */
function asJson(value: object): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** The error of a failed statement; faults of ours are told to the host and hidden from the caller. */
export function failure(host: Host, thrown: unknown, text?: string): Outcome {
  if (!(thrown instanceof DropsError)) host.onFault(thrown);
  return { ok: false, error: toErrorBody(toDiagnostic(thrown), text) };
}

/** A result, with what the compiler warned of. */
export function success(result: Json, warnings: readonly Diagnostic[], text?: string): Outcome {
  if (warnings.length === 0 || !isObject(result)) return { ok: true, result };
  const shown = warnings.map((warning) => {
    const { code, message, hint, span } = toErrorBody(warning, text);
    return { code, message, hint, span };
  });
  return { ok: true, result: { ...result, warnings: asJson(shown) } };
}

/** The reply of one statement alone: its result, or its error with its status. */
export function soleReply(outcome: Outcome): Reply {
  if (outcome.ok) return { status: 200, body: outcome.result };
  return { status: outcome.error.status, body: { error: asJson(outcome.error) } };
}

/** The reply of a script that ran up to its end or its first error. */
export function scriptReply(outcomes: readonly Outcome[]): Reply {
  const results: Json[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (!outcome.ok) {
      return {
        status: outcome.error.status,
        body: { results, error: asJson(outcome.error), failed_at: index },
      };
    }
    results.push(outcome.result);
  }
  return { status: 200, body: { results } };
}

/** The reply of a script of which every statement was run, whatever became of the others. */
export function continuedReply(outcomes: readonly Outcome[]): Reply {
  const results = outcomes.map((o): Json => (o.ok ? o.result : { error: asJson(o.error) }));
  return { status: outcomes.every((o) => o.ok) ? 200 : 207, body: { results } };
}
