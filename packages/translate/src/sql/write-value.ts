import type { Span } from '@drops/diagnostics';
import type { ArithmeticOperator, Arith, Expression, Field, FunctionName, Json } from '@drops/ir';
import { literal, type SqlContext } from './context.js';
import type { ScalarKind } from './dialect.js';
import { atom, bare, join, operation, parameter, predicate, type Fragment } from './fragment.js';
import { checkPath, firstPresent, jsonReads, nestedPlace } from './in-json.js';
import { jsonText } from './json-text.js';
import { jsonPlace, type Place } from './names.js';
import type { ValueKind, Writer } from './writer.js';
import { writeAggregate } from './write-aggregate.js';

export function isScalarKind(kind: ValueKind): kind is ScalarKind {
  return kind === 'text' || kind === 'number' || kind === 'boolean';
}

/** A JSON value as a literal: scalars as themselves, arrays and objects as JSON text. */
export function writeJson(context: SqlContext, of: Json, span: Span): Fragment {
  if (of === null) return atom`NULL`;
  if (typeof of === 'boolean') return atom`${of ? 'TRUE' : 'FALSE'}`;
  if (typeof of === 'string' || typeof of === 'number') return literal(context, of, span);
  return jsonText(context, of, span);
}

/** Writes an expression that is no condition. */
export function writeValue(expression: Expression, want: ValueKind, writer: Writer): Fragment {
  switch (expression.kind) {
    case 'Lit':
      return writeJson(writer.context, expression.value, expression.span);
    case 'Param':
      return parameter(expression.name);
    case 'Field':
      return writeField(expression, writer.place(expression), want, writer);
    case 'Arith':
      return writeArithmetic(expression, writer);
    case 'Fn': {
      const open = nestedPlace(expression, writer);
      if (open) return readJson(open, want, writer);
      return writeCall(expression.name, expression.args, expression.span, want, writer);
    }
    case 'List':
    case 'Object':
      return writer.context.refuse('this value', 'it holds a parameter without a value', expression.span);
    default:
      return predicate`(${bare(writer.condition(expression))}) IS TRUE`;
  }
}

function writeField(field: Field, place: Place, want: ValueKind, writer: Writer): Fragment {
  const { context } = writer;
  const { dialect } = context;
  switch (place.kind) {
    case 'route':
      return literal(context, place.route, field.span);
    case 'created_at':
      return want === 'text' && dialect.time ? dialect.time.text(place.column) : place.column;
    case 'output': {
      const { names } = place.output;
      return place.output.kind === 'expression'
        ? writer.within({ ...writer.scope, names }).value(place.output.expression, want)
        : writeAggregate(place.output.aggregate, writer.within({ names, qualified: writer.scope.qualified }));
    }
    case 'columns': {
      context.fidelity.schema();
      if (!jsonPlace(place)) return firstPresent(place.columns);
      checkPath(place, field, context);
      return readJson(place, want, writer);
    }
  }
}

function readJson(place: Extract<Place, { kind: 'columns' }>, want: ValueKind, writer: Writer): Fragment {
  const { json } = writer.context.dialect;
  const read = jsonReads(place, writer);
  return firstPresent(
    read.map((r) => (isScalarKind(want) ? json.typed(r.column, r.path, want) : json.raw(r.column, r.path))),
  );
}

const operators: { readonly [O in ArithmeticOperator]: string } = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
};

/** Doubles where the product would calculate with decimals or integers. */
function operand(expression: Expression, writer: Writer, asDouble: boolean): Fragment {
  const { dialect } = writer.context;
  const kind = writer.kindOf(expression);
  if (kind !== 'number' && kind !== 'unknown') return atom`NULL`;
  const written = writer.value(expression, 'number');
  const fraction =
    expression.kind === 'Lit' && typeof expression.value === 'number' && !Number.isInteger(expression.value);
  const decimal = dialect.literalsAreDecimals && (fraction || expression.kind === 'Param');
  return asDouble || decimal ? dialect.toDouble(written) : written;
}

function writeArithmetic(expression: Arith, writer: Writer): Fragment {
  const { dialect } = writer.context;
  const { op } = expression;
  // The product of two columns of integers can be out of their range where it is a number for us.
  const isOfTwo = expression.left.kind !== 'Lit' && expression.right.kind !== 'Lit';
  const asDouble = op === '/' || (op === '*' && isOfTwo && !writer.context.isTypedByRow);
  const left = operand(expression.left, writer, asDouble);
  const right = operand(expression.right, writer, false);
  if (op === '%') return dialect.remainder(left, right);
  const { value: divisor } = expression.right.kind === 'Lit' ? expression.right : { value: null };
  if (op === '/' && typeof divisor === 'number' && divisor !== 0) return operation`${left} / ${right}`;
  if (op === '/') return dialect.quotient(left, right);
  return operation`${left} ${operators[op]} ${right}`;
}

const argumentKinds: { readonly [N in FunctionName]?: ScalarKind } = {
  lower: 'text',
  upper: 'text',
  trim: 'text',
  len: 'text',
  concat: 'text',
  abs: 'number',
  round: 'number',
  floor: 'number',
  ceil: 'number',
  date: 'text',
};

function writeCall(
  name: FunctionName,
  args: readonly Expression[],
  span: Span,
  want: ValueKind,
  writer: Writer,
): Fragment {
  const { context } = writer;
  const { dialect } = context;
  if (name === 'now')
    return want === 'time' && dialect.time ? atom`${dialect.time.now}` : atom`${dialect.nowText}`;
  const note = dialect.callNotes[name];
  if (note !== undefined) context.fidelity.approximate(note);
  const [only] = args;
  if (name === 'len' && only && writer.kindOf(only) === 'json') return writeLength(only, writer);
  if (name === 'len' && only && isNested(only, writer)) {
    return atom`COALESCE(${dialect.call('len', [writer.value(only, 'text')])}, ${writeLength(only, writer)})`;
  }
  if (name === 'coalesce')
    return atom`COALESCE(${join(
      args.map((a) => writer.value(a, coalesced(args, writer))),
      ', ',
    )})`;
  const kind = argumentKinds[name];
  const written = args.map((a) => argument(a, kind, name, span, writer));
  return dialect.call(name, written);
}

/** The kind that all arguments of a coalesce share, as far as it is known. */
function coalesced(args: readonly Expression[], writer: Writer): ValueKind {
  const kind = args.map((a) => writer.kindOf(a)).find((k) => k !== 'unknown' && k !== 'null') ?? 'unknown';
  return kind === 'time' ? 'text' : kind;
}

function argument(
  of: Expression,
  kind: ScalarKind | undefined,
  name: FunctionName,
  span: Span,
  writer: Writer,
): Fragment {
  const found = writer.kindOf(of);
  if (kind === undefined || found === 'unknown' || found === kind || found === 'null')
    return writer.value(of, kind ?? 'unknown');
  if (found === 'time' && kind === 'text') return writer.value(of, 'text');
  // Any value joins a text; elsewhere an argument of another type gives null.
  if (name === 'concat') return writer.value(of, found);
  return atom`NULL`;
}

function isNested(of: Expression, writer: Writer): boolean {
  return of.kind === 'Field' && jsonPlace(writer.place(of)) !== undefined;
}

function writeLength(of: Expression, writer: Writer): Fragment {
  const { json } = writer.context.dialect;
  const place = of.kind === 'Field' ? writer.place(of) : undefined;
  if (place?.kind !== 'columns')
    return writer.context.refuse('the length of this value', 'it is no column', of.span);
  return firstPresent(place.columns.map((c) => json.length(c, place.path)));
}
