import { assertNever, checkKey, fail, type Span } from '@drops/diagnostics';
import type { Json } from '../values/json.js';
import { describeValue } from '../values/describe-value.js';
import { isIsoDate } from '../values/pattern.js';
import type { NumberRole, TextRole } from './map-children.js';

/** Most results a search gives. */
export const maxTop = 1000;

const dateTimeWithOffset = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
const dateOnly = /^\d{4}-\d{2}-\d{2}$/;

/** A number that fits its role, or TYPE_ERROR (TOP_K_TOO_LARGE for `top`) at the span. */
export function checkNumber(value: Json, role: NumberRole, what: string, span: Span): number {
  if (typeof value !== 'number')
    fail('TYPE_ERROR', `${what} is ${describeValue(value)}; a number was expected`, { span });
  if (!Number.isFinite(value)) fail('TYPE_ERROR', `${what} is too large a number`, { span });
  const whole = Number.isSafeInteger(value);
  switch (role) {
    case 'count':
    case 'tx':
    case 'version':
      if (!whole || value < 0)
        fail('TYPE_ERROR', `${what} is ${value}; a whole number from 0 was expected`, { span });
      return value + 0;
    case 'retries':
      if (!whole || value < 0 || value > 10) {
        fail('TYPE_ERROR', `${what} is ${value}; a whole number from 0 to 10 was expected`, { span });
      }
      return value + 0;
    case 'top':
      if (!whole || value < 1)
        fail('TYPE_ERROR', `${what} is ${value}; a whole number from 1 was expected`, { span });
      if (value > maxTop)
        fail('TOP_K_TOO_LARGE', `${what} is ${value}; at most ${maxTop} results can be asked for`, { span });
      return value;
    case 'seconds':
      if (value <= 0)
        fail('TYPE_ERROR', `${what} is ${value}; a life span is a number of seconds above 0`, { span });
      return value;
    case 'price':
      if (value < 0) fail('TYPE_ERROR', `${what} is ${value}; a price is 0 or more`, { span });
      return value + 0;
    case 'delta':
    case 'score':
      return value + 0;
    default:
      return assertNever(role);
  }
}

/** A text that fits its role, or TYPE_ERROR (INVALID_KEY for a key) at the span. */
export function checkText(value: Json, role: TextRole, what: string, span: Span): string {
  if (typeof value !== 'string')
    fail('TYPE_ERROR', `${what} is ${describeValue(value)}; a text was expected`, { span });
  switch (role) {
    case 'key': {
      const fault = checkKey(value);
      if (fault) fail('INVALID_KEY', fault.message, { span });
      return value;
    }
    case 'time':
      if (!dateOnly.test(value) && !dateTimeWithOffset.test(value)) failTime(value, span);
      if (!isIsoDate(value)) failTime(value, span);
      return value;
    case 'fusion':
      if (value !== 'rrf' && value !== 'weighted') {
        fail('TYPE_ERROR', `${what} is ${describeValue(value)}; "rrf" or "weighted" was expected`, { span });
      }
      return value;
    case 'cursor':
    case 'text':
    case 'principal':
    case 'url':
    case 'id':
      return value;
    default:
      return assertNever(role);
  }
}

function failTime(value: string, span: Span): never {
  fail('TYPE_ERROR', `"${value}" is no point in time`, {
    span,
    hint: 'a date such as "2026-01-31", or a date-time with its offset such as "2026-01-31T12:00:00Z"',
  });
}
