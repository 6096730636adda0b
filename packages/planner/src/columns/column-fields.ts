import { isArray, pathText, walk, isRelation, type Expression, type Field } from '@drops/ir';
import { fieldsOf } from '../expression-tree.js';
import type { ColumnPlan, ColumnTable, PhysicalPlan } from '../physical-plan.js';

/** Which columns of which side of a table a field reads; `either` reads both. */
export interface FieldColumns {
  readonly left: boolean;
  readonly right: boolean;
}

/** Where a field of a table looks; undefined when no column holds it. */
export function columnsOfField(field: Field, joined: boolean): FieldColumns | undefined {
  switch (field.scope) {
    case 'system':
      return field.path[0] === 'key' || field.path[0] === 'created_at'
        ? { left: true, right: false }
        : undefined;
    case 'payload':
      return { left: true, right: false };
    case 'either':
      return joined ? { left: true, right: true } : undefined;
    case 'joined':
      return joined ? { left: false, right: true } : undefined;
    case 'column':
      return undefined;
  }
}

/** True when an expression can be evaluated over the columns of a table. */
export function readsColumns(expression: Expression, joined: boolean): boolean {
  let can = true;
  walk(expression, (node) => {
    if (isRelation(node)) return 'skip';
    // A list that is none is refused when the rows are opened.
    if (node.kind === 'In') can &&= node.list.kind === 'Lit' && isArray(node.list.value);
    if (node.kind === 'Field') can &&= columnsOfField(node, joined) !== undefined;
    return undefined;
  });
  return can;
}

/** True for nodes that read columns. */
export function isColumnPlan(plan: PhysicalPlan): plan is ColumnPlan {
  return plan.kind === 'ColumnScan' || plan.kind === 'ColumnTop' || plan.kind === 'ColumnGroup';
}

/** The expressions that a node evaluates over the pairs of its table, its rows when nothing is joined. */
export function tableExpressions(plan: ColumnPlan): readonly Expression[] {
  switch (plan.kind) {
    case 'ColumnScan':
      return [];
    case 'ColumnTop':
      return plan.keys.map((key) => key.expression);
    case 'ColumnGroup':
      return [
        ...(plan.by ?? []).map((c) => c.expression),
        ...plan.aggregates.flatMap((a) => a.argument ?? []),
      ];
  }
}

function ownFields({ left, joined }: ColumnTable): readonly Field[] {
  return [
    ...(left.predicate ? fieldsOf(left.predicate) : []),
    ...(joined ? [joined.key] : []),
    ...(joined?.predicate ? fieldsOf(joined.predicate) : []),
  ];
}

/** The columns that a node reads, as `explain` names them; those of the joined route with its name before. */
export function columnNames(plan: ColumnPlan): readonly string[] {
  const { joined } = plan.table;
  const names = new Set<string>();
  for (const field of [...ownFields(plan.table), ...tableExpressions(plan).flatMap(fieldsOf)]) {
    const sides = columnsOfField(field, joined !== undefined);
    if (sides?.left) names.add(pathText(field.path));
    if (sides?.right && joined) names.add(`${joined.right.route}.${pathText(field.path)}`);
  }
  for (const field of joined?.right.predicate ? fieldsOf(joined.right.predicate) : []) {
    names.add(`${joined?.right.route ?? ''}.${pathText(field.path)}`);
  }
  return [...names];
}
