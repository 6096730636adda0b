import { assertNever } from '@drops/diagnostics';
import { typeOf, type Expression, type Field, type Json } from '@drops/ir';
import { writeComparison, writeIn, writeInQuery, writeLike, writeTruth } from './conditions.js';
import { literalValue, variable, type Answers, type MongoContext } from './context.js';
import { writeArithmetic, writeCall } from './functions.js';
import { findField, readPath, readPlace, type Found, type MongoKind, type MongoRow } from './rows.js';
import { choose, constant, type MongoValue } from './script.js';
import { allOf, present, type MongoWriter } from './writer.js';

/** A writer for the expressions of one stage. */
export function makeWriter(
  context: MongoContext,
  row: MongoRow,
  base = '',
  answers: Answers = new Map(),
): MongoWriter {
  const writer: MongoWriter = {
    context,
    row,
    base,
    value: (e) => valueOf(e, writer),
    condition: (e) => conditionOf(e, writer),
    kindOf: (e) => kindOf(e, writer),
    isComposite: (e) => isComposite(e, writer),
    find: (field) => findField(context, field, row, base),
    answerOf: (e) => (e.kind === 'InQuery' ? answers.get(e) : undefined),
    among: (other, at) => makeWriter(context, other, at, answers),
  };
  return writer;
}

function valueOf(e: Expression, writer: MongoWriter): MongoValue {
  const { context } = writer;
  switch (e.kind) {
    case 'Field':
      return readFound(e, writer.find(e), writer);
    case 'Lit':
      return literalValue(context, e.value, e.span);
    case 'Param':
      return { $literal: variable(context, e.name) };
    case 'List':
      return e.items.map((item) => writer.value(item));
    case 'Object':
      return context.refuse('this value', 'it holds a parameter without a value', e.span);
    case 'Arith':
      return writeArithmetic(e, writer);
    case 'Fn':
      return writeCall(e, writer);
    default:
      return writer.condition(e);
  }
}

function conditionOf(e: Expression, writer: MongoWriter): MongoValue {
  switch (e.kind) {
    case 'Cmp':
      return writeComparison(e, writer);
    case 'In':
      return writeIn(e, writer);
    case 'InQuery':
      return writeInQuery(e, writer);
    case 'Like':
      return writeLike(e, writer);
    case 'Exists': {
      const value = writer.value(e.operand);
      return e.negated ? { $eq: [{ $ifNull: [value, null] }, null] } : present(value);
    }
    case 'And':
      return allOf(e.terms.map((t) => writer.condition(t)));
    case 'Or':
      return { $or: e.terms.map((t) => writer.condition(t)) };
    case 'Not':
      return { $not: [writer.condition(e.term)] };
    case 'Field':
    case 'Lit':
    case 'Param':
    case 'List':
    case 'Object':
    case 'Arith':
    case 'Fn':
      return writeTruth(e, writer);
    default:
      return assertNever(e);
  }
}

function readFound(field: Field, found: Found, writer: MongoWriter): MongoValue {
  const { context } = writer;
  switch (found.kind) {
    case 'place':
      return readPlace(context, found.base, found.path, field);
    case 'route':
      return constant(found.route);
    case 'expression':
      return readPath(
        context,
        writer.among(found.row, found.base).value(found.expression),
        found.path,
        field,
      );
    case 'grouped': {
      const place = found.base === '' ? found.column.path : `${found.base}.${found.column.path}`;
      return readPath(context, found.column.finish(`$${place}`), found.path, field);
    }
    case 'first': {
      const values = found.found.map((f) => readFound(field, f, writer));
      // A null of the left side is a value: only what is missing is looked for on the other one.
      return values.reduceRight((rest, value) => choose({ $eq: [{ $type: value }, 'missing'] }, rest, value));
    }
    case 'missing':
      return null;
    default:
      return assertNever(found);
  }
}

function kindOfJson(value: Json): MongoKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'json';
}

function kindOfFound(found: Found, writer: MongoWriter): MongoKind {
  switch (found.kind) {
    case 'place':
      return found.system ? 'text' : 'unknown';
    case 'route':
      return 'text';
    case 'expression':
      return found.path.length > 0 ? 'unknown' : writer.among(found.row, found.base).kindOf(found.expression);
    case 'grouped':
      return found.path.length > 0 ? 'unknown' : found.column.kind;
    case 'first': {
      const kinds = new Set(found.found.map((f) => kindOfFound(f, writer)));
      const [only] = kinds;
      return kinds.size === 1 && only !== undefined ? only : 'unknown';
    }
    case 'missing':
      return 'null';
    default:
      return assertNever(found);
  }
}

/** What is certain: a pattern is not, since rows from before it are not checked again. */
function kindOf(e: Expression, writer: MongoWriter): MongoKind {
  switch (e.kind) {
    case 'Field':
      return kindOfFound(writer.find(e), writer);
    case 'Lit':
      return kindOfJson(e.value);
    case 'Param':
      return 'unknown';
    case 'List':
    case 'Object':
      return 'json';
    case 'Arith':
      return 'number';
    case 'Fn': {
      if (e.name === 'coalesce') {
        const kinds = new Set(e.args.map((a) => writer.kindOf(a)).filter((k) => k !== 'null'));
        const [only] = kinds;
        return kinds.size === 1 && only !== undefined ? only : 'unknown';
      }
      return typeOf(e) === 'number' ? 'number' : 'text';
    }
    default:
      return 'boolean';
  }
}

const scalarTypes: ReadonlySet<string> = new Set(['text', 'number', 'boolean', 'date']);

function isComposite(e: Expression, writer: MongoWriter): boolean {
  const kind = writer.kindOf(e);
  if (kind === 'json') return true;
  if (kind !== 'unknown') return false;
  if (e.kind === 'Fn') return e.args.some((a) => writer.isComposite(a));
  if (e.kind !== 'Field') return true;
  if (scalarTypes.has(e.type)) return false;
  const found = writer.find(e);
  if (found.kind === 'expression' && found.path.length === 0) {
    return writer.among(found.row, found.base).isComposite(found.expression);
  }
  return found.kind !== 'grouped' || found.path.length > 0 || found.column.composite;
}
