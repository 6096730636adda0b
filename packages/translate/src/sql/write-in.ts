import { isArray, type Expression, type In, type InQuery, type Lit } from '@drops/ir';
import { allOf, anyOf, atom, bare, join, predicate, type Fragment } from './fragment.js';
import { kindOfJson } from './value-kind.js';
import { literal } from './context.js';
import { beginningOf, presence, readAsText, writeComparison } from './write-comparison.js';
import { nestedPlace } from './in-json.js';
import { isScalarKind } from './write-value.js';
import type { ValueKind, Writer } from './writer.js';

const never = atom`FALSE`;

/** `in` a list: the or of equals, null included; negated the and of `!=`, never true for null. */
export function writeIn(node: In, writer: Writer): Fragment {
  const items = itemsOf(node, writer);
  const scalars = items.filter((i) => kindOfJson(i.value) !== 'null');
  const missing = predicate`${presence(node.operand, writer)} IS NULL`;
  const found = predicate`${presence(node.operand, writer)} IS NOT NULL`;
  const tests = byKind(scalars).map(([kind, group]) => inKind(node, kind, group, writer));
  if (node.negated) {
    const guarded = nestedPlace(node.operand, writer) !== undefined;
    const present = guarded || tests.length === 0 ? [found] : [];
    return allOf([...present, ...tests]);
  }
  if (scalars.length < items.length) return anyOf([...tests, missing]);
  return tests.length === 0 ? never : anyOf(tests);
}

/** The elements, each as a literal with the span of the list. */
function itemsOf(node: In, writer: Writer): readonly Lit[] {
  if (node.list.kind !== 'Lit' || !isArray(node.list.value)) {
    return writer.context.refuse('this list', 'it holds a parameter without a value', node.list.span);
  }
  return node.list.value.map((value) => ({ kind: 'Lit', value, span: node.list.span }));
}

function byKind(items: readonly Lit[]): readonly (readonly [ValueKind, readonly Lit[]])[] {
  const groups = new Map<ValueKind, Lit[]>();
  for (const item of items) {
    const kind = kindOfJson(item.value);
    const group = groups.get(kind);
    if (group) group.push(item);
    else groups.set(kind, [item]);
  }
  return [...groups];
}

function inKind(node: In, kind: ValueKind, items: readonly Lit[], writer: Writer): Fragment {
  const known = writer.kindOf(node.operand);
  const each = (): Fragment => {
    const op = node.negated ? '!=' : '=';
    const tests = items.map((right) =>
      writeComparison({ kind: 'Cmp', op, left: node.operand, right, span: node.span }, writer),
    );
    return node.negated ? allOf(tests) : anyOf(tests);
  };
  if (kind === 'json' || known === 'time' || (isScalarKind(known) && known !== kind)) return each();
  const nested = nestedPlace(node.operand, writer) !== undefined;
  if (!nested && known === 'unknown') checkOneType(node, writer);
  const list = join(
    items.map((i) => writer.value(i, kind)),
    ', ',
  );
  const text = readAsText(
    node.operand,
    items.map((i) => i.value),
    node.negated,
    writer,
  );
  if (text)
    return node.negated ? predicate`${text} NOT IN (${bare(list)})` : predicate`${text} IN (${bare(list)})`;
  const left = writer.value(node.operand, kind);
  if (!node.negated) {
    const inside = predicate`${left} IN (${bare(list)})`;
    const { beginnings } = writer.context.dialect.json;
    if (kind !== 'text' || !nested || !beginnings) return inside;
    const starts = items.map(({ value, span }) =>
      literal(writer.context, beginningOf(String(value), beginnings.length), span),
    );
    return allOf([predicate`${beginnings.of(left)} IN (${bare(join(starts, ', '))})`, inside]);
  }
  return nested
    ? predicate`(${left} IN (${bare(list)})) IS NOT TRUE`
    : predicate`${left} NOT IN (${bare(list)})`;
}

/** A column has one type: a list of several cannot be compared with it. */
function checkOneType(node: In, writer: Writer): void {
  const kinds = byKind(itemsOf(node, writer)).filter(([kind]) => kind !== 'null');
  if (kinds.length > 1) {
    const what = `a list of ${kinds.map(([k]) => k).join(' and ')}`;
    writer.context.refuse(what, 'a column has one type', node.list.span);
  }
}

/** `in` a sub-query: like a list of its first column. */
export function writeInQuery(node: InQuery, writer: Writer): Fragment {
  const column = writer.subquery(node.query);
  const known = writer.kindOf(node.operand);
  const want = isScalarKind(known) || known === 'time' ? known : column.kind;
  if (isScalarKind(known) && isScalarKind(column.kind) && known !== column.kind)
    return differentTypes(node, writer);
  const nested = nestedPlace(node.operand, writer) !== undefined;
  if (!isScalarKind(want) && want !== 'time' && nested !== column.nested) {
    writer.context.refuse('this sub-query', 'the types of the two sides are not known', node.span);
  }
  const left = writer.value(node.operand, want);
  const rows = column.write(want);
  if (!node.negated) {
    const inside = predicate`${left} IN (${bare(rows)})`;
    const nulls = isKey(node.operand) ? undefined : column.nulls();
    if (!nulls) return inside;
    const bothNull = allOf([predicate`${presence(node.operand, writer)} IS NULL`, atom`EXISTS (${nulls})`]);
    return anyOf([inside, bothNull]);
  }
  const outside = predicate`(${left} IN (${bare(rows)})) IS NOT TRUE`;
  return allOf([predicate`${presence(node.operand, writer)} IS NOT NULL`, outside]);
}

function differentTypes(node: InQuery, writer: Writer): Fragment {
  return node.negated ? predicate`${presence(node.operand, writer)} IS NOT NULL` : never;
}

/** The key of a table's row, which is never null. */
function isKey(operand: Expression): boolean {
  return operand.kind === 'Field' && operand.scope === 'system' && operand.path[0] === 'key';
}
