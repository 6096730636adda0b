import { assertNever } from '@drops/diagnostics';
import type { FieldName, Find, Operand, PathSegment, Predicate } from '../ast/index.js';
import { isSystemField } from '../grammar/base-parser.js';
import { quote } from '../tokens/string-text.js';
import { group, indent, join, line, type Doc } from './doc.js';
import { isPlainName, isWord, valueDoc } from './values.js';

/** Words that an expression reads as something else. */
const reserved: ReadonlySet<string> = new Set(['true', 'false', 'null', 'not']);

function stepText(step: PathSegment, afterBracket: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  const asDot = isPlainName(step) || (!afterBracket && /^[0-9]+$/.test(step));
  return asDot && !(afterBracket && /^[0-9]/.test(step)) ? `.${step}` : `[${quote(step)}]`;
}

function stepsText(steps: readonly PathSegment[], start: string): string {
  return steps.reduce<string>((text, step) => text + stepText(step, text.endsWith(']')), start);
}

/** A field as it is written where fields and values can stand. */
export function fieldText({ path, payload }: FieldName): string {
  const [first = '', ...rest] = path;
  const name = String(first);
  const steps = stepsText(rest, name);
  const head = /^[^[]*/.exec(steps)?.[0] ?? '';
  if (!isPlainName(name) || !isWord(head)) return stepsText(rest, `payload[${quote(name)}]`);
  return payload || reserved.has(name) ? `.${steps}` : steps;
}

/** A field that stands alone on the right, where a bare word would look like a text without quotes. */
function comparandText(field: FieldName): string {
  const text = fieldText(field);
  const isClear = text.startsWith('.') || text.includes('[') || isSystemField(String(field.path[0]));
  if (isClear) return text;
  const [first = '', ...rest] = field.path;
  return /^[A-Za-z_]/.test(text) ? `.${text}` : stepsText(rest, `payload[${quote(String(first))}]`);
}

function precedence(operand: Operand): number {
  if (operand.kind !== 'ArithmeticExpression') return 3;
  return operand.operator === '+' || operand.operator === '-' ? 1 : 2;
}

function inner(operand: Operand, least: number): Doc {
  const doc = operandDoc(operand);
  return precedence(operand) < least ? ['(', doc, ')'] : doc;
}

/** An operand; parentheses stand where precedence asks for them. */
export function operandDoc(operand: Operand): Doc {
  switch (operand.kind) {
    case 'FieldName':
      return fieldText(operand);
    case 'ArithmeticExpression': {
      const own = precedence(operand);
      return [inner(operand.left, own), ` ${operand.operator} `, inner(operand.right, own + 1)];
    }
    case 'CallExpression':
      return group(`${operand.name}(`, indent(join([',', line], operand.arguments.map(operandDoc))), ')');
    default:
      return valueDoc(operand);
  }
}

function comparandDoc(operand: Operand): Doc {
  return operand.kind === 'FieldName' ? comparandText(operand) : operandDoc(operand);
}

/** Prints the query inside a condition: handed in, since queries print conditions in turn. */
export type PrintFind = (find: Find) => Doc[];

function listDoc(list: Extract<Predicate, { kind: 'InPredicate' }>['list'], printFind: PrintFind): Doc {
  return list.kind === 'Find' ? group('(', indent(printFind(list)), ')') : valueDoc(list);
}

type Logic = Extract<Predicate, { kind: 'AndPredicate' | 'OrPredicate' | 'NotPredicate' }>['kind'];

function termDoc(term: Predicate, outer: Logic, printFind: PrintFind): Doc {
  const isLogic = term.kind === 'AndPredicate' || term.kind === 'OrPredicate';
  const needsNone = !isLogic || (outer === 'OrPredicate' && term.kind === 'AndPredicate');
  const doc = predicateDoc(term, printFind);
  return needsNone ? doc : ['(', doc, ')'];
}

/** A condition; `not` binds closest, then `and`, then `or`. */
export function predicateDoc(predicate: Predicate, printFind: PrintFind): Doc {
  switch (predicate.kind) {
    case 'ComparisonPredicate':
      return [operandDoc(predicate.left), ` ${predicate.operator} `, comparandDoc(predicate.right)];
    case 'TextMatchPredicate':
      return [operandDoc(predicate.left), ` ${predicate.operator} `, comparandDoc(predicate.right)];
    case 'BetweenPredicate':
      return [
        operandDoc(predicate.operand),
        ' between ',
        comparandDoc(predicate.low),
        ' and ',
        comparandDoc(predicate.high),
      ];
    case 'InPredicate':
      return [
        operandDoc(predicate.operand),
        predicate.negated ? ' not in ' : ' in ',
        listDoc(predicate.list, printFind),
      ];
    case 'ExistsPredicate':
      return [operandDoc(predicate.operand), predicate.negated ? ' not exists' : ' exists'];
    case 'IsNullPredicate':
      return [operandDoc(predicate.operand), predicate.negated ? ' is not null' : ' is null'];
    case 'NotPredicate':
      return ['not ', termDoc(predicate.term, 'NotPredicate', printFind)];
    case 'AndPredicate':
      return group(
        indent(
          join(
            [line, 'and '],
            predicate.terms.map((term) => termDoc(term, 'AndPredicate', printFind)),
          ),
        ),
      );
    case 'OrPredicate':
      return group(
        indent(
          join(
            [line, 'or '],
            predicate.terms.map((term) => termDoc(term, 'OrPredicate', printFind)),
          ),
        ),
      );
    default:
      return assertNever(predicate);
  }
}
