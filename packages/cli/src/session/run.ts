import type { Json, JsonObject } from '@drops/diagnostics';
import { CommandFailure } from '../failures.js';
import { drawFailure, fromWire } from '../present/failure.js';
import type { Io } from '../io.js';
import type { Session } from './session.js';

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Warnings of a result, or of each result of a script. */
function warningsOf(body: Json): readonly Json[] {
  if (!isObject(body)) return [];
  const { warnings, results } = body;
  const own: readonly Json[] = Array.isArray(warnings) ? warnings : [];
  if (!Array.isArray(results) || Object.hasOwn(body, 'count')) return own;
  return [...own, ...results.flatMap((result: Json) => warningsOf(result))];
}

/**
 * Runs a text and gives its reply; warnings go to stderr. An error becomes a CommandFailure that draws the
 * place in `shown`, the text as its author knows it, which starts `shift` characters later than what was sent.
 */
export async function runText(
  session: Session,
  text: string,
  io: Io,
  options: {
    readonly params?: JsonObject;
    readonly signal?: AbortSignal;
    readonly name?: string;
    readonly shift?: number;
  } = {},
): Promise<JsonObject> {
  const { name, shift = 0, ...rest } = options;
  const { body } = await session.exec(text, rest);
  const shown = text.slice(shift);
  const failureOf = (json: Json | undefined, severity: 'error' | 'warning') => {
    const found = fromWire(json, severity);
    const span = found.span && {
      start: Math.max(0, found.span.start - shift),
      end: Math.max(0, found.span.end - shift),
    };
    return {
      diagnostic: { ...found, ...(span && { span }) },
      text: shown,
      ...(name !== undefined && { name }),
    };
  };
  for (const warning of warningsOf(body))
    io.err(`${drawFailure(failureOf(warning, 'warning'), io.color.err)}\n`);
  if (!isObject(body)) throw new CommandFailure('the reply is not an object');
  if (Object.hasOwn(body, 'error')) throw new CommandFailure('', [failureOf(body['error'], 'error')]);
  return body;
}
