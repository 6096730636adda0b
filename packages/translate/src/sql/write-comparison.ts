import type { Cmp, ComparisonOperator, Expression, Field, Json } from '@drops/ir';
import { allOf, anyOf, atom, bare, predicate, type Fragment } from './fragment.js';
import { checkPath, firstPresent, jsonReads, nestedPlace, asJson } from './in-json.js';
import { compareTime } from './time-comparison.js';
import { isScalarKind } from './write-value.js';
import type { ValueKind, Writer } from './writer.js';

const flipped: { readonly [O in ComparisonOperator]: ComparisonOperator } = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const sqlText = (op: ComparisonOperator): string => (op === '!=' ? '<>' : op);
const never = atom`FALSE`;
const scalarKinds = ['text', 'number', 'boolean'] as const;

/** What follows for the beginnings of two texts that compare so. */
const ofBeginnings: { readonly [O in ComparisonOperator]: ComparisonOperator } = {
  '=': '=',
  '!=': '!=',
  '<': '<=',
  '<=': '<=',
  '>': '>=',
  '>=': '>=',
};

/** The beginning of a text, as long as indexes hold it. */
export function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join('');
}

/** A condition on a text inside JSON and a literal, with what it says of the beginning of that text where indexes are over those. */
export function withBeginning(
  left: Expression,
  right: Expression,
  writer: Writer,
  condition: Fragment,
  onBeginning: (text: Fragment, literal: Fragment) => Fragment,
): Fragment {
  const { beginnings } = writer.context.dialect.json;
  if (!beginnings || right.kind !== 'Lit' || typeof right.value !== 'string' || !nestedPlace(left, writer))
    return condition;
  const start = { ...right, value: beginningOf(right.value, beginnings.length) };
  const text = beginnings.of(writer.value(left, 'text'));
  return allOf([onBeginning(text, writer.value(start, 'text')), condition]);
}

/** NULL exactly where the expression is null or missing. */
export function presence(expression: Expression, writer: Writer): Fragment {
  const place = nestedPlace(expression, writer);
  if (!place) return writer.value(expression, writer.kindOf(expression));
  writer.context.fidelity.schema();
  return firstPresent(
    jsonReads(place, writer).map((r) => writer.context.dialect.json.presence(r.column, r.path)),
  );
}

const isPresent = (expression: Expression, writer: Writer): Fragment =>
  predicate`${presence(expression, writer)} IS NOT NULL`;

/** A comparison. Values of different types are never equal and never ordered; null is never anything. */
export function writeComparison(cmp: Cmp, writer: Writer): Fragment {
  const left = writer.kindOf(cmp.left);
  const right = writer.kindOf(cmp.right);
  if (left === 'null' || right === 'null') return never;
  // A literal stands right, so that the rest sees one case.
  if (cmp.left.kind === 'Lit' && cmp.right.kind !== 'Lit') {
    return writeComparison({ ...cmp, op: flipped[cmp.op], left: cmp.right, right: cmp.left }, writer);
  }
  if (left === 'json' || right === 'json') return compareJson(cmp, left, right, writer);
  if (left === 'time' || right === 'time') return compareWithTime(cmp, left, right, writer);
  if (isScalarKind(left) && isScalarKind(right) && left !== right) return different(cmp, writer);
  const want = isScalarKind(left) ? left : right;
  if (!isScalarKind(want)) return compareUnknown(cmp, writer);
  return compareScalars(cmp, want, writer);
}

function different(cmp: Cmp, writer: Writer): Fragment {
  if (cmp.op !== '!=') return never;
  const sides = [cmp.left, cmp.right].filter((e) => e.kind !== 'Lit');
  return sides.length === 0 ? atom`TRUE` : allOf(sides.map((e) => isPresent(e, writer)));
}

/** True for a text that no other JSON value reads as: `Oslo`, but not `10` or `true`. */
export function isNoJson(value: Json): value is string {
  if (typeof value !== 'string') return false;
  try {
    JSON.parse(value);
    return false;
  } catch {
    return !/^\s*[[{]/.test(value);
  }
}

/** A nested field read as text without a guard, where none is needed: or nothing. */
export function readAsText(
  expression: Expression,
  values: readonly Json[],
  negated: boolean,
  writer: Writer,
): Fragment | undefined {
  const { json } = writer.context.dialect;
  if (json.beginnings) return undefined;
  if (!values.every(isNoJson) || (negated && json.nullReadsAsText)) return undefined;
  const place = nestedPlace(expression, writer);
  if (place?.columns.length !== 1) return undefined;
  writer.context.fidelity.schema();
  return firstPresent(jsonReads(place, writer).map((r) => json.text(r.column, r.path)));
}

function compareScalars(cmp: Cmp, want: ValueKind, writer: Writer): Fragment {
  const equality = cmp.op === '=' || cmp.op === '!=';
  const literal = cmp.right.kind === 'Lit' && equality ? [cmp.right.value] : undefined;
  const text = literal && readAsText(cmp.left, literal, cmp.op === '!=', writer);
  if (text) return predicate`${text} ${sqlText(cmp.op)} ${writer.value(cmp.right, 'text')}`;
  const left = writer.value(cmp.left, want);
  const right = writer.value(cmp.right, want);
  const sides = [cmp.left, cmp.right].filter((e) => nestedPlace(e, writer));
  if (cmp.op !== '!=' || sides.length === 0)
    return withBeginning(
      cmp.left,
      cmp.right,
      writer,
      predicate`${left} ${sqlText(cmp.op)} ${right}`,
      (text, of) => predicate`${text} ${ofBeginnings[cmp.op]} ${of}`,
    );
  // A value of another type reads as NULL, and yet it is not equal.
  const test = predicate`(${left} = ${right}) IS NOT TRUE`;
  const others = [cmp.left, cmp.right].filter((e) => e.kind !== 'Lit');
  return allOf([...others.map((e) => isPresent(e, writer)), test]);
}

function compareWithTime(cmp: Cmp, left: ValueKind, right: ValueKind, writer: Writer): Fragment {
  const { time } = writer.context.dialect;
  if (left !== 'time') {
    return compareWithTime(
      { ...cmp, op: flipped[cmp.op], left: cmp.right, right: cmp.left },
      right,
      left,
      writer,
    );
  }
  if (right === 'number' || right === 'boolean') return different(cmp, writer);
  const column = writer.value(cmp.left, 'time');
  if (time && cmp.right.kind === 'Lit' && typeof cmp.right.value === 'string') {
    return compareTime(cmp.op, column, cmp.right.value, time);
  }
  const now = cmp.right.kind === 'Fn' && cmp.right.name === 'now';
  if (right === 'time' || now)
    return predicate`${column} ${sqlText(cmp.op)} ${writer.value(cmp.right, 'time')}`;
  return compareScalars(cmp, 'text', writer);
}

function compareJson(cmp: Cmp, left: ValueKind, right: ValueKind, writer: Writer): Fragment {
  const { context } = writer;
  const literal: Json | undefined = cmp.right.kind === 'Lit' ? cmp.right.value : undefined;
  if ((isScalarKind(left) || isScalarKind(right)) && literal !== undefined) return different(cmp, writer);
  const place = cmp.left.kind === 'Field' ? writer.place(cmp.left) : undefined;
  if (literal === undefined || place?.kind !== 'columns') {
    return context.refuse('this comparison', 'arrays and objects are compared with a literal only', cmp.span);
  }
  if (cmp.op !== '=' && cmp.op !== '!=') {
    return context.refuse('an order of arrays or objects', 'JSON values have no such order there', cmp.span);
  }
  checkPath(place, fieldOf(cmp.left, cmp), context);
  const tests = place.columns.map((c) => context.dialect.json.equals(c, place.path, literal));
  const [test] = tests;
  if (!test || tests.length > 1) {
    return context.refuse(
      'equality of arrays or objects',
      'it has no comparison of JSON by content',
      cmp.span,
    );
  }
  context.fidelity.schema();
  if (cmp.op === '=') return test;
  return allOf([isPresent(cmp.left, writer), predicate`(${bare(test)}) IS NOT TRUE`]);
}

function fieldOf(expression: Expression, cmp: Cmp): Field {
  return expression.kind === 'Field'
    ? expression
    : { kind: 'Field', scope: 'payload', path: [], type: 'unknown', span: cmp.span };
}

/** Two values of any type. Lists, and objects, have an order there that is not ours: two of them end the statement. */
function compareByRow(cmp: Cmp, writer: Writer): Fragment {
  const [left, right] = [asJson(cmp.left, writer), asJson(cmp.right, writer)];
  if (cmp.op === '=' || cmp.op === '!=') return predicate`${left} ${sqlText(cmp.op)} ${right}`;
  const kind = atom`jsonb_typeof(${left})`;
  const isOrderedElsewhere = allOf([
    predicate`${kind} = jsonb_typeof(${right})`,
    predicate`${kind} IN ('array', 'object')`,
  ]);
  const tests = scalarKinds.map(
    (want) => predicate`${writer.value(cmp.left, want)} ${cmp.op} ${writer.value(cmp.right, want)}`,
  );
  return atom`CASE WHEN ${isOrderedElsewhere} THEN CAST(${kind} AS BOOLEAN) ELSE ${anyOf(tests)} END`;
}

/** Two fields of which neither type is known. */
function compareUnknown(cmp: Cmp, writer: Writer): Fragment {
  if (writer.context.isTypedByRow) return compareByRow(cmp, writer);
  const nested = [cmp.left, cmp.right].map((e) => nestedPlace(e, writer) !== undefined);
  if (!nested[0] && !nested[1])
    return predicate`${writer.value(cmp.left, 'unknown')} ${sqlText(cmp.op)} ${writer.value(cmp.right, 'unknown')}`;
  if (!nested[0] || !nested[1]) {
    return writer.context.refuse(
      'this comparison',
      'a field inside a JSON column has no type of its own, and neither has what it is compared with',
      cmp.span,
      'define a pattern for the route, so that the types are known',
    );
  }
  writer.context.fidelity.approximate('arrays and objects inside JSON columns are never equal');
  const op = cmp.op === '!=' ? '=' : cmp.op;
  const tests = scalarKinds.map(
    (want) => predicate`${writer.value(cmp.left, want)} ${op} ${writer.value(cmp.right, want)}`,
  );
  if (cmp.op !== '!=') return anyOf(tests);
  const test = predicate`(${bare(anyOf(tests))}) IS NOT TRUE`;
  return allOf([isPresent(cmp.left, writer), isPresent(cmp.right, writer), test]);
}
