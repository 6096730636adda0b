import type { Expectation, ExpectedError } from './case.js';
import type { Answer } from './door.js';
import { mismatch, mismatchAnyOrder, type Captured, type Strictness } from './match.js';

interface Fields {
  readonly [name: string]: unknown;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Everything in which an answer departs from what is expected of it. */
export function findings(expected: Expectation, answer: Answer, query: string, captured: Captured): string[] {
  const body = fieldsOf(answer.body);
  const status = expected.status ?? (expected.error ? (expected.error.status ?? 400) : 200);
  const found: (string | undefined)[] = [
    answer.status === status
      ? undefined
      : `status: expected ${status}, found ${answer.status} ${brief(answer.body)}`,
    expected.error
      ? errorFinding(expected.error, fieldsOf(body['error']), answer.status, query, captured)
      : undefined,
    'body' in expected ? mismatch(expected.body, answer.body, 'partial', captured) : undefined,
    'exactly' in expected ? mismatch(expected.exactly, answer.body, 'exact', captured) : undefined,
    expected.count === undefined
      ? undefined
      : mismatch(expected.count, body['count'], 'exact', captured, 'count'),
    listFinding(expected, 'rows', 'exact', body, (row) => row, captured),
    listFinding(expected, 'drops', 'partial', body, (row) => row, captured),
    listFinding(expected, 'payloads', 'exact', body, (row) => fieldsOf(row)['payload'], captured),
    listFinding(expected, 'keys', 'exact', body, (row) => fieldsOf(row)['key'], captured),
    warningFinding(expected.warning, body['warnings']),
    expected.plan ? mismatch(expected.plan, operations(body['plan']), 'exact', captured, 'plan') : undefined,
    expected.lines ? mismatch(expected.lines, linesOf(answer.text), 'partial', captured, 'lines') : undefined,
    ...Object.entries(expected.headers ?? {}).map(([name, text]) => {
      const value = answer.headers?.get(name);
      return value?.includes(text) ? undefined : `header ${name}: expected ${text}, found ${value}`;
    }),
  ];
  return found.filter((finding) => finding !== undefined);
}

function brief(body: unknown): string {
  return JSON.stringify(body)?.slice(0, 300) ?? '';
}

function listFinding(
  expected: Expectation,
  name: 'rows' | 'drops' | 'payloads' | 'keys',
  strictness: Strictness,
  body: Fields,
  part: (row: unknown) => unknown,
  captured: Captured,
): string | undefined {
  const wanted = expected[name];
  if (!wanted) return undefined;
  const results = body['results'];
  if (!Array.isArray(results)) return `${name}: the body has no results: ${brief(body)}`;
  if (body['count'] !== results.length) return `count: ${brief(body['count'])} for ${results.length} results`;
  const found = results.map(part);
  return expected.order === 'any'
    ? mismatchAnyOrder(wanted, found, strictness, captured, name)
    : mismatch(wanted, found, strictness, captured, name);
}

function errorFinding(
  expected: ExpectedError,
  error: Fields,
  status: number,
  query: string,
  captured: Captured,
): string | undefined {
  const text = JSON.stringify(error);
  if (error['code'] !== expected.code) return `error: expected ${expected.code}, found ${text}`;
  if (error['status'] !== status)
    return `error.status ${brief(error['status'])} is not the HTTP status ${status}`;
  if (typeof error['message'] !== 'string' || error['message'] === '') return `error: no message in ${text}`;
  if (expected.hint !== undefined && !String(error['hint']).includes(expected.hint)) {
    return `hint: expected ${expected.hint}, found ${text}`;
  }
  if (
    expected.says !== undefined &&
    !`${error['message']} ${String(error['hint'])}`.includes(expected.says)
  ) {
    return `message: ${expected.says} is not named in ${text}`;
  }
  if (expected.details !== undefined)
    return mismatch(expected.details, error['details'], 'partial', captured, 'details');
  return spanFinding(expected, error, query);
}

function spanFinding(expected: ExpectedError, error: Fields, query: string): string | undefined {
  const span = fieldsOf(error['span']);
  const [start, end] = [fieldsOf(span['start']), fieldsOf(span['end'])];
  const [from, to] = [Number(start['offset']), Number(end['offset'])];
  if (error['span'] === undefined) {
    const wanted = expected.at !== undefined || expected.within !== undefined || expected.spanned === true;
    return wanted ? `span: none in ${JSON.stringify(error)}` : undefined;
  }
  if (expected.spanned === false) return `span: none expected, found ${from}–${to}`;
  const shown = `${from}–${to} “${query.slice(from, to).slice(0, 60)}”: ${String(error['message'])}`;
  if (!(from >= 0 && to >= from && to <= query.length)) return `span: ${shown} lies outside of the text`;
  if (!isLocated(start, query) || !isLocated(end, query))
    return `span: line and column do not fit ${brief(span)}`;
  if (expected.at !== undefined) {
    const [a, b] = rangeOf(expected.at, query);
    if (a !== from || b !== to) return `span: expected ${a}–${b} “${query.slice(a, b)}”, found ${shown}`;
  }
  if (expected.within !== undefined) {
    const [a, b] = rangeOf(expected.within, query);
    if (from < a || to > b) return `span: expected within “${expected.within}”, found ${shown}`;
  }
  return undefined;
}

function rangeOf(at: string | readonly [number, number], query: string): readonly [number, number] {
  if (typeof at !== 'string') return at;
  const start = query.indexOf(at);
  if (start < 0) throw new Error(`the case points at “${at}”, which its query does not hold`);
  return [start, start + at.length];
}

function isLocated(place: Fields, query: string): boolean {
  const before = query.slice(0, Number(place['offset'])).split('\n');
  return place['line'] === before.length && place['column'] === (before.at(-1)?.length ?? 0) + 1;
}

function warningFinding(code: string | undefined, warnings: unknown): string | undefined {
  if (code === undefined) return undefined;
  const found = Array.isArray(warnings) && warnings.some((warning) => fieldsOf(warning)['code'] === code);
  return found ? undefined : `warnings: expected ${code}, found ${brief(warnings)}`;
}

function operations(plan: unknown): unknown[] {
  const { op, children } = fieldsOf(plan);
  return [op, ...(Array.isArray(children) ? children.flatMap(operations) : [])];
}

function linesOf(text: string | undefined): unknown[] {
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
