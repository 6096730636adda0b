import { assertNever } from '@drops/diagnostics';
import type { ComparisonOperator, Expression, Field, Json } from '@drops/ir';
import { fieldsOf } from '@drops/planner';
import { cellKind } from '@drops/store';
import { compileTest, type ExpressionContext } from '../expressions/compile.js';
import { copyMask, emptyMask, giveMask, type Mask } from './masks.js';
import { onlyCodes, onlyNumbers, type CellReader, type Vector } from './vector.js';

/** Takes the rows out of a mask that a predicate does not keep. */
export type Narrow = (mask: Mask) => void;

type VectorOf = (field: Field) => Vector;

/** A predicate over columns, as the same over rows decides. */
export function narrowBy(predicate: Expression, vectors: VectorOf, context: ExpressionContext): Narrow {
  const narrow = (term: Expression) => narrowBy(term, vectors, context);
  const field = onlyField(predicate);
  // A text is decided once whatever is asked of it; of numbers the parts are simple loops.
  if (field && onlyCodes(vectors(field).column)) return narrowByCells(predicate, vectors(field), context);
  switch (predicate.kind) {
    case 'And': {
      const terms = [...predicate.terms].sort((a, b) => costOf(a) - costOf(b));
      const narrows = terms.map(narrow);
      return (mask) => {
        for (const [i, term] of terms.entries()) {
          // Most queries keep few rows: what the first terms leave is looked at row by row.
          if (i > 0 && isSparse(mask))
            keepSome(
              mask,
              compileTest<number>(term, context, (f) => vectors(f).read),
            );
          else narrows[i]?.(mask);
        }
      };
    }
    case 'Or':
      return narrowByAny(predicate.terms.map(narrow));
    case 'Not':
      return narrowByNot(narrow(predicate.term));
    default:
      if (field) return narrowByCells(predicate, vectors(field), context);
      return narrowByRows(compileTest<number>(predicate, context, (f) => vectors(f).read));
  }
}

/** Terms of one field look at whole arrays, equalities leave the fewest rows; terms of several fields look at row after row. */
function costOf(term: Expression): number {
  if (onlyField(term) === undefined) return 2;
  return (term.kind === 'Cmp' && term.op === '=') || term.kind === 'In' ? 0 : 1;
}

const wordsOf = (mask: Mask): Uint32Array => new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2);

/** Every so many words of a mask are looked at to learn how full it is. */
const stride = 16;

/** True when most runs of four rows have none left. */
function isSparse(mask: Mask): boolean {
  const words = wordsOf(mask);
  let full = 0;
  for (let i = 0; i < words.length; i += stride) if (words[i] !== 0) full += 1;
  return full * stride * 4 < words.length;
}

/** Tests only rows that are left, four at a time where there are none. */
function keepSome(mask: Mask, test: (ordinal: number) => boolean): void {
  const words = wordsOf(mask);
  const keep = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) if (mask[i] === 1 && !test(i)) mask[i] = 0;
  };
  for (let word = 0; word < words.length; word += 1) if (words[word] !== 0) keep(4 * word, 4 * word + 4);
  keep(4 * words.length, mask.length);
}

function narrowByAny(terms: readonly Narrow[]): Narrow {
  return (mask) => {
    const any = emptyMask(mask.length);
    for (const term of terms) {
      const kept = copyMask(mask);
      term(kept);
      for (let i = 0; i < kept.length; i += 1) any[i] = (any[i] ?? 0) | (kept[i] ?? 0);
      giveMask(kept);
    }
    mask.set(any);
    giveMask(any);
  };
}

function narrowByNot(term: Narrow): Narrow {
  return (mask) => {
    const kept = copyMask(mask);
    term(kept);
    for (let i = 0; i < kept.length; i += 1) mask[i] = (mask[i] ?? 0) & ((kept[i] ?? 0) ^ 1);
    giveMask(kept);
  };
}

/** The field of an expression that reads one and no other. */
export function onlyField(expression: Expression): Field | undefined {
  const [first, ...others] = fieldsOf(expression);
  const same = (field: Field) =>
    field.scope === first?.scope &&
    field.path.length === first.path.length &&
    field.path.every((segment, i) => segment === first.path[i]);
  return others.every(same) ? first : undefined;
}

function narrowByRows(test: (ordinal: number) => boolean): Narrow {
  return (mask) => {
    for (let i = 0; i < mask.length; i += 1) if (mask[i] === 1 && !test(i)) mask[i] = 0;
  };
}

type CellTest = (value: Json | undefined) => boolean;

/** A predicate of one field is decided once for all cells of a kind, once a text of the dictionary, once a number. */
function narrowByCells(predicate: Expression, { column, read }: Vector, context: ExpressionContext): Narrow {
  const test: CellTest = compileTest<Json | undefined>(predicate, context, () => (value) => value);
  const numbers = onlyNumbers(column);
  if (numbers) {
    const compared = comparedNumber(predicate);
    if (compared) return (mask) => keepCompared(mask, numbers, compared.op, compared.value);
    return narrowByRows((i) => test(numbers[i]));
  }
  const codes = onlyCodes(column);
  if (codes) {
    const equal = equalText(predicate);
    if (equal !== undefined) {
      const code = column.dictionary.indexOf(equal);
      return code < 0 ? (mask) => mask.fill(0) : (mask) => keepCode(mask, codes, code);
    }
    return (mask) => {
      if (column.dictionary.length * 2 > mask.length)
        narrowByRows(textTest(column.dictionary, codes, test))(mask);
      else keepCodes(mask, codes, testedTexts(column.dictionary, test));
    };
  }
  return narrowMixed({ column, read }, test);
}

interface ComparedNumber {
  readonly op: ComparisonOperator;
  readonly value: number;
}

function comparedNumber(predicate: Expression): ComparedNumber | undefined {
  if (predicate.kind !== 'Cmp' || predicate.left.kind !== 'Field' || predicate.right.kind !== 'Lit')
    return undefined;
  const { value } = predicate.right;
  return typeof value === 'number' ? { op: predicate.op, value } : undefined;
}

function equalText(predicate: Expression): string | undefined {
  if (predicate.kind !== 'Cmp' || predicate.op !== '=') return undefined;
  const { left, right } = predicate;
  return left.kind === 'Field' && right.kind === 'Lit' && typeof right.value === 'string'
    ? right.value
    : undefined;
}

/** One loop an operator: the engine then compares a register with a constant. */
function keepCompared(mask: Mask, numbers: Float64Array, op: ComparisonOperator, value: number): void {
  const { length } = mask;
  switch (op) {
    case '=':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) !== value) mask[i] = 0;
      return;
    case '!=':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) === value) mask[i] = 0;
      return;
    case '<':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) >= value) mask[i] = 0;
      return;
    case '<=':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) > value) mask[i] = 0;
      return;
    case '>':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) <= value) mask[i] = 0;
      return;
    case '>=':
      for (let i = 0; i < length; i += 1) if ((numbers[i] ?? 0) < value) mask[i] = 0;
      return;
    default:
      assertNever(op);
  }
}

function keepCode(mask: Mask, codes: Uint32Array, code: number): void {
  for (let i = 0; i < mask.length; i += 1) if (codes[i] !== code) mask[i] = 0;
}

function testedTexts(dictionary: readonly string[], test: CellTest): Uint8Array {
  const kept = new Uint8Array(dictionary.length);
  for (let code = 0; code < kept.length; code += 1) kept[code] = test(dictionary[code]) ? 1 : 0;
  return kept;
}

function keepCodes(mask: Mask, codes: Uint32Array, kept: Uint8Array): void {
  for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) & (kept[codes[i] ?? 0] ?? 0);
}

/** Where texts hardly repeat only those of the rows that are left are tested, each once. */
function textTest(dictionary: readonly string[], codes: Uint32Array, test: CellTest) {
  const known = new Uint8Array(dictionary.length);
  return (ordinal: number): boolean => {
    const code = codes[ordinal] ?? 0;
    if (known[code] === 0) known[code] = test(dictionary[code]) ? 1 : 2;
    return known[code] === 1;
  };
}

function narrowMixed({ column, read }: Vector, test: CellTest): Narrow {
  const { kinds, numbers, codes, dictionary } = column;
  const constant = new Uint8Array(7);
  constant[cellKind.missing] = test(undefined) ? 1 : 0;
  constant[cellKind.null] = test(null) ? 1 : 0;
  constant[cellKind.false] = test(false) ? 1 : 0;
  constant[cellKind.true] = test(true) ? 1 : 0;
  const ofText = codes && textTest(dictionary, codes, test);
  const otherTest = readTest(read, test);
  return narrowByRows((i) => {
    const kind = kinds[i];
    if (kind === cellKind.number) return test(numbers?.[i]);
    if (kind === cellKind.text) return ofText?.(i) ?? false;
    return kind === cellKind.other ? otherTest(i) : constant[kind ?? 0] === 1;
  });
}

function readTest(read: CellReader, test: CellTest) {
  return (ordinal: number): boolean => test(read(ordinal));
}
