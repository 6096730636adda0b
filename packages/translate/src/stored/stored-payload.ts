import { fidelityLog } from '../fidelity.js';
import { atom, join } from '../sql/fragment.js';
import { renderText } from '../sql/render.js';
import { storedContext, storedDialect } from './stored-context.js';

/** Payloads that take no more room than this are sent as they are: to take them apart costs more than to send them. */
const wholePayload = 512;

const quoted = (text: string): string => storedDialect.text(text);

/** The payload with some of its fields alone, as an expression over a row of `state`; undefined where a name cannot be said. */
export function storedPayload(fields: readonly string[]): string | undefined {
  const { dialect } = storedContext(fidelityLog());
  if (fields.some((name) => dialect.textProblem(name) !== undefined || /\p{Surrogate}/u.test(name)))
    return undefined;
  // jsonb has its own order of the fields of an object, the text has ours.
  const members = fields.map((name) => {
    const scalar = atom`("doc" -> ${quoted(name)})::json`;
    const nested = atom`"body"::json -> ${quoted(name)}`;
    const value = atom`CASE WHEN jsonb_typeof("doc" -> ${quoted(name)}) IN ('array', 'object') THEN ${nested} ELSE ${scalar} END`;
    return atom`${quoted(name)}, ${value}`;
  });
  const chosen = atom`json_build_object(${join(members, ', ')})::text`;
  const whole = atom`CASE WHEN jsonb_typeof("doc") <> 'object' OR pg_column_size("body") <= ${String(wholePayload)} THEN "body" ELSE ${chosen} END`;
  return renderText(whole, dialect).sql;
}
