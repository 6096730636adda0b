import type { FieldRule } from '../nodes/plans.js';
import { getProperty, isArray, isObject, type Json, type JsonObject } from './json.js';
import { zonedTime } from './zoned-time.js';

/** A schema: the record `patterns @name`. */
export interface Pattern {
  readonly name: string;
  readonly version: string;
  readonly fields: readonly FieldRule[];
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export const ruleTypes = [
  'text',
  'number',
  'boolean',
  'date',
  'identifier',
  'blob',
  'location',
  'amount',
  'relation',
] as const satisfies readonly FieldRule['type'][];

const isoDate = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** True for an ISO 8601 date or date-time that exists on the calendar. */
export function isIsoDate(text: string): boolean {
  if (!isoDate.test(text)) return false;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(text.slice(0, 10)) &&
    !Number.isNaN(Date.parse(text))
  );
}

const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/;

/**
 * The time of an ISO 8601 date (midnight) or date-time in ms since the epoch; where it has no offset in the zone that is given, else in UTC.
 * undefined for other texts.
 */
export function isoTime(text: string, zone?: string): number | undefined {
  if (!isIsoDate(text)) return undefined;
  if (text.length > 10 && hasOffset.test(text.slice(10))) return Date.parse(text);
  const local = Date.parse(text.length === 10 ? text : `${text}Z`);
  return zone === undefined ? local : (zonedTime(local, zone) ?? local);
}

function has(value: Json, name: string, test: (v: Json) => boolean): boolean {
  if (!isObject(value)) return false;
  const found = getProperty(value, name);
  return found !== undefined && test(found);
}
const isText = (v: Json): boolean => typeof v === 'string';
const isNumber = (v: Json): boolean => typeof v === 'number';

/** One test a type, and what the message calls it. */
const tests: {
  readonly [T in FieldRule['type']]: { readonly test: (v: Json) => boolean; readonly wanted: string };
} = {
  text: { test: isText, wanted: 'a text' },
  number: { test: isNumber, wanted: 'a number' },
  boolean: { test: (v) => typeof v === 'boolean', wanted: 'true or false' },
  date: { test: (v) => typeof v === 'string' && isIsoDate(v), wanted: 'an ISO 8601 date' },
  identifier: {
    test: (v) => isText(v) || (has(v, 'type', isText) && has(v, 'value', isText)),
    wanted: 'a text or { type, value }',
  },
  blob: { test: (v) => isText(v) || isObject(v), wanted: 'a blob url or { url, mime }' },
  location: { test: (v) => has(v, 'lat', isNumber) && has(v, 'lon', isNumber), wanted: '{ lat, lon }' },
  amount: { test: (v) => isNumber(v) || has(v, 'value', isNumber), wanted: 'a number or { value, unit }' },
  relation: { test: (v) => isText(v) || isObject(v), wanted: 'a key or { $embed }' },
};

function checkOne(rule: FieldRule, value: Json): string | undefined {
  const { test, wanted } = tests[rule.type];
  if (!test(value)) return `${rule.name} must be ${wanted}`;
  if (rule.enum && typeof value === 'string' && !rule.enum.includes(value)) {
    return `${rule.name} must be one of ${rule.enum.join(', ')}`;
  }
  return undefined;
}

function checkField(rule: FieldRule, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return rule.required ? `${rule.name} is required` : undefined;
  if (!rule.array) return checkOne(rule, value);
  if (!isArray(value)) return `${rule.name} must be a list`;
  for (const item of value) {
    const message = checkOne(rule, item);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** Every way a payload breaks a pattern; extra fields are allowed. */
export function validatePayload(pattern: Pattern, payload: Json): readonly FieldError[] {
  if (!isObject(payload)) return [{ field: 'payload', message: 'the payload must be an object' }];
  const errors: FieldError[] = [];
  for (const rule of pattern.fields) {
    const message = checkField(rule, getProperty(payload, rule.name));
    if (message !== undefined) errors.push({ field: rule.name, message });
  }
  return errors;
}

function readRule(name: string, value: Json): FieldRule | undefined {
  if (!isObject(value)) return undefined;
  const type = ruleTypes.find((t) => t === getProperty(value, 'type'));
  if (type === undefined) return undefined;
  const options = getProperty(value, 'enum');
  return {
    name,
    type,
    required: getProperty(value, 'required') === true,
    array: getProperty(value, 'array') === true,
    ...(isArray(options) && { enum: options.filter((o) => typeof o === 'string') }),
  };
}

/** A pattern from its record; records that are no pattern (written by hand) give undefined. */
export function readPattern(name: string, payload: Json): Pattern | undefined {
  if (!isObject(payload)) return undefined;
  const fields = getProperty(payload, 'fields');
  if (!isObject(fields)) return undefined;
  const rules: FieldRule[] = [];
  for (const field of Object.keys(fields)) {
    const rule = readRule(field, fields[field] ?? null);
    if (rule) rules.push(rule);
  }
  const version = getProperty(payload, 'version');
  return { name, version: typeof version === 'string' ? version : '1', fields: rules };
}

/** The record of a pattern: what `patterns @name` holds. */
export function patternRecord(fields: readonly FieldRule[], version: string): JsonObject {
  return {
    version,
    fields: Object.fromEntries(
      fields.map((f) => [
        f.name,
        { type: f.type, required: f.required, array: f.array, ...(f.enum && { enum: [...f.enum] }) },
      ]),
    ),
  };
}

/** The routes whose entities define the rest: a commit that touches one raises the epoch. */
export const definitionRoutes = { patterns: 'patterns', views: '_views', indexes: '_indexes' } as const;
