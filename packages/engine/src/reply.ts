import { DropsError, toDiagnostic, toErrorBody, type Diagnostic, type ErrorBody } from '@drops/diagnostics';
import { JsonText } from '@drops/executor';
import { isObject, type Json } from '@drops/ir';
import type { Reply, TextReply } from './engine.js';
import type { Host } from './host.js';

/** What became of one statement. */
export type Outcome =
  { readonly ok: true; readonly result: Json | JsonText } | { readonly ok: false; readonly error: ErrorBody };

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
export function success(result: Json | JsonText, warnings: readonly Diagnostic[], text?: string): Outcome {
  if (warnings.length === 0 || result instanceof JsonText || !isObject(result)) return { ok: true, result };
  const shown = warnings.map((warning) => {
    const { code, message, hint, span } = toErrorBody(warning, text);
    return { code, message, hint, span };
  });
  return { ok: true, result: { ...result, warnings: asJson(shown) } };
}

/** A result as a value. */
function valueOf(result: Json | JsonText): Json {
  if (!(result instanceof JsonText)) return result;
  const value: Json = JSON.parse(result.text);
  return value;
}

/** The reply of one statement alone as text. */
export function soleText(outcome: Outcome): TextReply {
  if (outcome.ok && outcome.result instanceof JsonText) return { status: 200, text: outcome.result.text };
  return textOf(soleReply(outcome));
}

/** A reply as text. */
export function textOf({ status, body }: Reply): TextReply {
  return { status, text: JSON.stringify(body) };
}

/** The reply of one statement alone: its result, or its error with its status. */
export function soleReply(outcome: Outcome): Reply {
  if (outcome.ok) return { status: 200, body: valueOf(outcome.result) };
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
    results.push(valueOf(outcome.result));
  }
  return { status: 200, body: { results } };
}

/** The reply of a script of which every statement was run, whatever became of the others. */
export function continuedReply(outcomes: readonly Outcome[]): Reply {
  const results = outcomes.map((o): Json => (o.ok ? valueOf(o.result) : { error: asJson(o.error) }));
  return { status: outcomes.every((o) => o.ok) ? 200 : 207, body: { results } };
}
