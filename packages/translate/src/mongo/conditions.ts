import {
  isArray,
  isObject,
  type Cmp,
  type Expression,
  type In,
  type InQuery,
  type Json,
  type Like,
} from '@drops/ir';
import { literalValue, variable } from './context.js';
import { choose, type MongoValue } from './script.js';
import { allOf, isOfKind, present, typeName, withName, type MongoWriter } from './writer.js';

const operators = { '=': '$eq', '!=': '$ne', '<': '$lt', '<=': '$lte', '>': '$gt', '>=': '$gte' } as const;
const scalarKinds = ['text', 'number', 'boolean'] as const;

function isScalar(kind: string): kind is (typeof scalarKinds)[number] {
  return scalarKinds.some((k) => k === kind);
}

const objects = 'objects are equal only when their members stand in the same order';

/** True where the order of members can tell two equal objects apart. */
function hasMembers(value: Json): boolean {
  if (isArray(value)) return value.some(hasMembers);
  return isObject(value) && (Object.keys(value).length > 1 || Object.values(value).some(hasMembers));
}

/** Admits that objects may differ by their order alone: both sides have to be able to hold one. */
function admitEquality(sides: readonly Expression[], writer: MongoWriter): void {
  const able = sides.every((e) => (e.kind === 'Lit' ? hasMembers(e.value) : writer.isComposite(e)));
  if (able) writer.context.fidelity.schema(objects);
}

/** A comparison: null is never anything, and values of two types are never equal and never ordered. */
export function writeComparison(cmp: Cmp, writer: MongoWriter): MongoValue {
  const left = writer.kindOf(cmp.left);
  const right = writer.kindOf(cmp.right);
  if (left === 'null' || right === 'null') return false;
  return withName(writer, writer.value(cmp.left), (a) =>
    withName(writer, writer.value(cmp.right), (b) => {
      const test: MongoValue = { [operators[cmp.op]]: [a, b] };
      const sides = [
        { of: cmp.left, value: a },
        { of: cmp.right, value: b },
      ];
      const open = sides.filter((s) => s.of.kind !== 'Lit');
      if (cmp.op === '=' || cmp.op === '!=') {
        admitEquality([cmp.left, cmp.right], writer);
        if (cmp.op === '=' && open.length < 2) return test;
        return allOf([...open.map((s) => present(s.value)), test]);
      }
      if (isScalar(left) && isScalar(right) && left !== right) return false;
      const want = isScalar(left) ? left : right;
      if (isScalar(want)) return allOf([...open.map((s) => isOfKind(s.value, want)), test]);
      if (writer.isComposite(cmp.left) && writer.isComposite(cmp.right)) {
        writer.context.fidelity.schema('arrays and objects are ordered by the rules of MongoDB');
      }
      return allOf([present(a), { $eq: [typeName(a), typeName(b)] }, test]);
    }),
  );
}

function listItems(list: Expression): readonly Expression[] | undefined {
  if (list.kind === 'List') return list.items;
  if (list.kind !== 'Lit' || !isArray(list.value)) return undefined;
  return list.value.map((value) => ({ kind: 'Lit', value, span: list.span }));
}

/** `in`: null among the values finds null and missing; `not in` finds neither. */
export function writeIn(node: In, writer: MongoWriter): MongoValue {
  const { context } = writer;
  const items = listItems(node.list);
  const operand = writer.value(node.operand);
  if (!items) {
    if (node.list.kind !== 'Param') return context.refuse('this list', 'it is no list', node.list.span);
    if (writer.isComposite(node.operand)) context.fidelity.schema(objects);
    return membership(operand, { $literal: variable(context, node.list.name) }, node.negated, writer);
  }
  for (const item of items) admitEquality([node.operand, item], writer);
  const isNull = (e: Expression): boolean => e.kind === 'Lit' && e.value === null;
  const others = items.filter((i) => !isNull(i)).map((i) => writer.value(i));
  if (!node.negated && others.length === items.length && items.every((i) => i.kind === 'Lit')) {
    return { $in: [operand, others] };
  }
  return membership(operand, node.negated ? others : items.map((i) => writer.value(i)), node.negated, writer);
}

/** `in (find … then pick f)`: the values were looked up by a stage before. */
export function writeInQuery(node: InQuery, writer: MongoWriter): MongoValue {
  const answer = writer.answerOf(node);
  if (answer === undefined) {
    return writer.context.refuse(
      'in (find …) here',
      'a look-up can stand in a condition of a find only',
      node.span,
    );
  }
  if (writer.isComposite(node.operand)) writer.context.fidelity.schema(objects);
  return membership(writer.value(node.operand), answer, node.negated, writer);
}

function membership(
  operand: MongoValue,
  list: MongoValue,
  negated: boolean,
  writer: MongoWriter,
): MongoValue {
  if (!negated) return { $in: [{ $ifNull: [operand, null] }, list] };
  return withName(writer, operand, (value) => ({
    $and: [present(value), { $not: [{ $in: [value, list] }] }],
  }));
}

/** `contains`, `starts with`, `ends with`: part of a text, case-sensitive; `contains` also an element of an array. */
export function writeLike(like: Like, writer: MongoWriter): MongoValue {
  const left = writer.kindOf(like.left);
  const right = writer.kindOf(like.right);
  if (left === 'number' || left === 'boolean' || left === 'null') return false;
  return withName(writer, writer.value(like.left), (text) =>
    withName(writer, writer.value(like.right), (part) => {
      const inArray =
        like.match === 'contains' && left !== 'text' ? elementTest(like, text, part, writer) : false;
      if (right !== 'text' && right !== 'unknown') return inArray;
      const literal = like.right.kind === 'Lit';
      const guard = allOf([isOfKind(text, 'text'), literal ? true : isOfKind(part, 'text')]);
      // Only the branch that is taken is evaluated: the functions of texts fail on anything else.
      return choose(guard, textTest(like, text, part, writer), inArray);
    }),
  );
}

function elementTest(like: Like, list: MongoValue, element: MongoValue, writer: MongoWriter): MongoValue {
  admitEquality([like.left, like.right], writer);
  return choose({ $isArray: [list] }, { $in: [element, list] }, false);
}

function textTest(like: Like, text: MongoValue, part: MongoValue, writer: MongoWriter): MongoValue {
  const known =
    like.right.kind === 'Lit' && typeof like.right.value === 'string' ? like.right.value : undefined;
  const length: MongoValue = known === undefined ? { $strLenCP: part } : [...known].length;
  switch (like.match) {
    case 'contains':
      return { $gte: [{ $indexOfCP: [text, part] }, 0] };
    case 'prefix':
      return { $eq: [{ $substrCP: [text, 0, length] }, part] };
    case 'suffix':
      return withName(writer, { $subtract: [{ $strLenCP: text }, length] }, (at) =>
        choose({ $gte: [at, 0] }, { $eq: [{ $substrCP: [text, at, length] }, part] }, false),
      );
  }
}

/** A constant in a condition, which only `true` makes true. */
export function writeTruth(expression: Expression, writer: MongoWriter): MongoValue {
  if (expression.kind === 'Lit')
    return literalValue(writer.context, expression.value === true, expression.span);
  return { $eq: [writer.value(expression), true] };
}
