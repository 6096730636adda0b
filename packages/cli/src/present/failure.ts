import {
  drawFrame,
  type Drawable,
  type Json,
  type JsonObject,
  type Severity,
  type Span,
} from '@drops/diagnostics';

/** A diagnostic and the text that it speaks of. */
export interface Failure {
  readonly diagnostic: Drawable;
  readonly text?: string;
  /** What stands before line and column. */
  readonly name?: string;
}

/** Message, place, source line with caret, hint, and what `details` say about single fields. */
export function drawFailure({ diagnostic, text, name }: Failure, color: boolean): string {
  const { span, ...spanless } = diagnostic;
  const frame =
    text === undefined || span === undefined
      ? drawFrame('', spanless, { color })
      : drawFrame(text, diagnostic, { color, ...(name !== undefined && { name }) });
  const details = (diagnostic.details ?? []).flatMap(describeDetail);
  return [frame, ...details.map((line) => `  ${line}`)].join('\n');
}

function describeDetail(detail: unknown): string[] {
  if (typeof detail !== 'object' || detail === null) return [];
  const field = 'field' in detail && typeof detail.field === 'string' ? detail.field : undefined;
  const message = 'message' in detail && typeof detail.message === 'string' ? detail.message : undefined;
  return field === undefined || message === undefined ? [] : [`${field}: ${message}`];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function offsetOf(position: Json | undefined): number | undefined {
  const offset = isObject(position) ? position['offset'] : undefined;
  return typeof offset === 'number' ? offset : undefined;
}

function spanOf(span: Json | undefined): Span | undefined {
  if (!isObject(span)) return undefined;
  const [start, end] = [offsetOf(span['start']), offsetOf(span['end'])];
  return start === undefined || end === undefined ? undefined : { start, end };
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The wire form of an error (or of a warning) as a diagnostic again. */
export function fromWire(body: Json | undefined, severity: Severity): Drawable {
  const error = isObject(body) ? body : {};
  const [hint, span, details] = [textOf(error['hint']), spanOf(error['span']), error['details']];
  return {
    code: textOf(error['code']) ?? 'INTERNAL_ERROR',
    message: textOf(error['message']) ?? 'the reply holds no error message',
    severity,
    ...(hint !== undefined && { hint }),
    ...(span && { span }),
    ...(Array.isArray(details) && { details }),
  };
}

/** The failure that the body of a reply tells of. */
export function failureOf(body: Json): Failure {
  return { diagnostic: fromWire(isObject(body) ? body['error'] : undefined, 'error') };
}
