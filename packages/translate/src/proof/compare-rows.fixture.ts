import { compareStrings, isArray, isObject, type Json, type Relation } from '@drops/ir';
import type { DatabaseRow } from './databases.fixture.js';
import { evaluate } from './naive-evaluator.fixture.js';
import { everyDrop } from './rows.fixture.js';

/** What an answer says, without what drivers say differently: one text a row. */
type Answer = readonly string[];

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Databases keep the members of an object in an order of their own. */
function canonical(value: Json): Json {
  if (isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return Object.keys(value)
    .sort(compareStrings)
    .map((name) => [name, canonical(value[name] ?? null)]);
}

/** A value of a driver as the JSON that was expected, if it can mean that. */
function read(actual: unknown, expected: Json | undefined): Json {
  if (actual === null || actual === undefined) return null;
  if (typeof expected === 'boolean' && (actual === Number(expected) || actual === String(expected)))
    return expected;
  if (typeof expected === 'number' && typeof actual !== 'object') {
    const number = Number(actual);
    return Math.abs(number - expected) <= 1e-9 * Math.max(1, Math.abs(expected)) ? expected : number;
  }
  if (typeof actual === 'string') {
    const json = parsed(actual);
    if (isArray(expected) && isArray(json)) return json.map((v, i) => read(v, expected[i]));
    const meant = JSON.stringify(canonical(expected ?? null));
    return json !== undefined && JSON.stringify(canonical(json)) === meant ? (expected ?? null) : actual;
  }
  if (actual instanceof Date) return actual.toISOString();
  const json = parsed(JSON.stringify(actual)) ?? null;
  return JSON.stringify(canonical(json)) === JSON.stringify(canonical(expected ?? null))
    ? (expected ?? null)
    : json;
}

/** Expected and actual rows, each as comparable texts. */
export function answers(
  relation: Relation,
  ordered: boolean,
  actual: readonly DatabaseRow[],
): { readonly expected: Answer; readonly found: Answer } {
  const rows = evaluate(everyDrop, relation);
  const expected: string[] = [];
  const candidates: ((row: DatabaseRow) => string)[] = [];
  for (const row of rows) {
    const entries: [string, Json | undefined][] =
      row.kind === 'drop' ? [['_key', row.drop.key]] : [...row.columns];
    expected.push(JSON.stringify(entries.map(([name, value]) => [name, value ?? null])));
    candidates.push((found) =>
      JSON.stringify(
        entries.map(([name, value]) => [name, read(name in found ? found[name] : found[`_${name}`], value)]),
      ),
    );
  }
  if (ordered)
    return {
      expected,
      found: actual.map((row, i) => (candidates[i] ? candidates[i](row) : JSON.stringify(row))),
    };
  return { expected, found: inExpectedOrder(expected, candidates, actual) };
}

/** Rows without an order are put next to the expected row that they are. */
function inExpectedOrder(
  expected: Answer,
  candidates: readonly ((row: DatabaseRow) => string)[],
  actual: readonly DatabaseRow[],
): Answer {
  const left = [...actual];
  const found = expected.map((text, i) => {
    const at = left.findIndex((row) => candidates[i]?.(row) === text);
    return at === -1 ? 'missing' : (left.splice(at, 1), text);
  });
  return [...found, ...left.map((row) => `unexpected ${JSON.stringify(row)}`)];
}
