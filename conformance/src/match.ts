import { createHash } from 'node:crypto';

/** What earlier steps of a case captured, by name. */
export type Captured = Map<string, unknown>;

/** A well-formed key for a short name: the same name is always the same caller. */
export function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url');
}

function publicIdOf(name: string): string {
  return createHash('sha256').update(keyOf(name)).digest('hex').slice(0, 12);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Words that stand for a kind of value. */
const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  $any: (value) => value !== undefined,
  $absent: (value) => value === undefined,
  $string: (value) => typeof value === 'string' && value !== '',
  $number: (value) => typeof value === 'number',
  $array: (value) => Array.isArray(value),
  $object: isObject,
  $uuid: (value) => typeof value === 'string' && uuid.test(value),
  $time: (value) => typeof value === 'string' && time.test(value),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects that stand for a value: `{ $capture: name }` and its like. Undefined for any other object. */
function matchDirective(expected: object, actual: unknown, captured: Captured): boolean | undefined {
  const [entry, ...more] = Object.entries(expected);
  if (entry === undefined || more.length > 0) return undefined;
  const [word, argument] = entry;
  switch (word) {
    case '$capture':
      captured.set(String(argument), actual);
      return actual !== undefined;
    case '$same':
      return JSON.stringify(captured.get(String(argument))) === JSON.stringify(actual);
    case '$other':
      return JSON.stringify(captured.get(String(argument))) !== JSON.stringify(actual);
    case '$more':
      return typeof actual === 'number' && actual > Number(captured.get(String(argument)));
    case '$contains':
      return typeof actual === 'string' && actual.includes(String(argument));
    case '$close':
      return typeof actual === 'number' && Math.abs(actual - Number(argument)) < 1e-9;
    case '$publicId':
      return actual === publicIdOf(String(argument));
    default:
      return undefined;
  }
}

export type Strictness = 'partial' | 'exact';

/** Where and how the actual value departs from the expected one; undefined if it does not. */
export function mismatch(
  expected: unknown,
  actual: unknown,
  strictness: Strictness,
  captured: Captured,
  path = 'body',
): string | undefined {
  const differs = `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
  if (typeof expected === 'string' && Object.hasOwn(kinds, expected)) {
    return kinds[expected]?.(actual) ? undefined : differs;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return differs;
    return first(expected.map((item, i) => mismatch(item, actual[i], strictness, captured, `${path}[${i}]`)));
  }
  if (!isObject(expected)) return expected === actual ? undefined : differs;
  const directive = matchDirective(expected, actual, captured);
  if (directive !== undefined) return directive ? undefined : differs;
  if (!isObject(actual)) return differs;
  const extra = Object.keys(actual).find((name) => !Object.hasOwn(expected, name));
  if (strictness === 'exact' && extra !== undefined) {
    return `${path}: an unexpected ${extra}: ${JSON.stringify(actual[extra])}`;
  }
  return first(
    Object.entries(expected).map(([name, value]) =>
      mismatch(
        value,
        Object.hasOwn(actual, name) ? actual[name] : undefined,
        strictness,
        captured,
        `${path}.${name}`,
      ),
    ),
  );
}

/** The same for lists whose order does not matter. */
export function mismatchAnyOrder(
  expected: readonly unknown[],
  actual: readonly unknown[],
  strictness: Strictness,
  captured: Captured,
  path: string,
): string | undefined {
  const left = [...actual];
  for (const item of expected) {
    const at = left.findIndex((value) => mismatch(item, value, strictness, captured) === undefined);
    if (at < 0) return `${path}: ${JSON.stringify(item)} is not among ${JSON.stringify(left)}`;
    left.splice(at, 1);
  }
  return left.length > 0 ? `${path}: not expected: ${JSON.stringify(left)}` : undefined;
}

function first(findings: readonly (string | undefined)[]): string | undefined {
  return findings.find((finding) => finding !== undefined);
}
