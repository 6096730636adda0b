import { assertNever } from '@drops/diagnostics';
import type {
  AsOfPoint,
  Expression,
  Field,
  NumberArgument,
  Param,
  Relation,
  TextArgument,
} from '../nodes/relational.js';
import type { Plan, RowEffect, WriteCondition, WriteOperation } from '../nodes/plans.js';

/** What a number in a plan stands for: it decides which numbers fit. */
export type NumberRole =
  'count' | 'top' | 'seconds' | 'price' | 'delta' | 'version' | 'tx' | 'score' | 'retries';
/** What a text in a plan stands for. */
export type TextRole = 'key' | 'time' | 'cursor' | 'text' | 'fusion' | 'principal' | 'url' | 'id';

/** What to do with the children of a node; the one description of the tree that walks, rewrites and binding share. */
export interface Mapper {
  readonly plan: (plan: Plan) => Plan;
  readonly relation: (relation: Relation) => Relation;
  readonly expression: (expression: Expression) => Expression;
  readonly number: (value: NumberArgument, role: NumberRole) => NumberArgument;
  readonly text: (value: TextArgument, role: TextRole) => TextArgument;
}

/** A copy with the changes, or the same object when every change is what stood there already. */
export function withChanges<T extends object>(node: T, changes: Partial<T>): T {
  for (const name in changes) {
    if (changes[name] !== node[name]) return { ...node, ...changes };
  }
  return node;
}

/** Maps a list; the same list when no element changed. */
export function mapList<T>(list: readonly T[], map: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (const [i, item] of list.entries()) {
    const mapped = map(item);
    if (mapped !== item && !changed) changed = list.slice(0, i);
    changed?.push(mapped);
  }
  return changed ?? list;
}

function optionalNumber(m: Mapper, value: NumberArgument | undefined, role: NumberRole) {
  return value === undefined ? undefined : m.number(value, role);
}
function optionalText(m: Mapper, value: TextArgument | undefined, role: TextRole) {
  return value === undefined ? undefined : m.text(value, role);
}
function optionalExpression(m: Mapper, value: Expression | undefined) {
  return value === undefined ? undefined : m.expression(value);
}
/** Fields of a join condition stay fields: a mapper that makes anything else of one is ignored here. */
function mapField(m: Mapper, field: Field): Field {
  const mapped = m.expression(field);
  return mapped.kind === 'Field' ? mapped : field;
}

/** Maps the direct children of an expression; the same object when nothing changed. */
export function mapExpressionChildren(node: Expression, m: Mapper): Expression {
  switch (node.kind) {
    case 'Field':
    case 'Lit':
    case 'Param':
      return node;
    case 'List':
      return withChanges(node, { items: mapList(node.items, m.expression) });
    case 'Object':
      return withChanges(node, {
        members: mapList(node.members, (x) => withChanges(x, { value: m.expression(x.value) })),
      });
    case 'Cmp':
    case 'Arith':
    case 'Like':
      return withChanges(node, { left: m.expression(node.left), right: m.expression(node.right) });
    case 'In':
      return withChanges(node, { operand: m.expression(node.operand), list: m.expression(node.list) });
    case 'InQuery':
      return withChanges(node, { operand: m.expression(node.operand), query: m.relation(node.query) });
    case 'Exists':
      return withChanges(node, { operand: m.expression(node.operand) });
    case 'And':
    case 'Or':
      return withChanges(node, { terms: mapList(node.terms, m.expression) });
    case 'Not':
      return withChanges(node, { term: m.expression(node.term) });
    case 'Fn':
      return withChanges(node, { args: mapList(node.args, m.expression) });
    default:
      return assertNever(node);
  }
}

function mapAsOf(m: Mapper, asOf: AsOfPoint | undefined): AsOfPoint | undefined {
  if (asOf === undefined) return undefined;
  return asOf.kind === 'Time'
    ? withChanges(asOf, { at: m.text(asOf.at, 'time') })
    : withChanges(asOf, { tx: m.number(asOf.tx, 'tx') });
}

/** Maps the direct children of a relation; the same object when nothing changed. */
export function mapRelationChildren(node: Relation, m: Mapper): Relation {
  switch (node.kind) {
    case 'Scan':
      return withChanges(node, { asOf: mapAsOf(m, node.asOf) });
    case 'Search':
      return withChanges(node, {
        text: optionalText(m, node.text, 'text'),
        vector: optionalExpression(m, node.vector),
        limit: m.number(node.limit, 'top'),
        candidates: optionalNumber(m, node.candidates, 'count'),
        fusion: optionalText(m, node.fusion, 'fusion'),
        minScore: optionalNumber(m, node.minScore, 'score'),
        asOf: mapAsOf(m, node.asOf),
      });
    case 'FacetScan':
      return withChanges(node, {
        facets: mapList(node.facets, (f) => withChanges(f, { predicate: m.expression(f.predicate) })),
      });
    case 'Filter':
      return withChanges(node, { input: m.relation(node.input), predicate: m.expression(node.predicate) });
    case 'Project':
      return withChanges(node, {
        input: m.relation(node.input),
        items: mapList(node.items, (i) => withChanges(i, { expression: m.expression(i.expression) })),
      });
    case 'Sort':
      return withChanges(node, {
        input: m.relation(node.input),
        keys: mapList(node.keys, (k) => withChanges(k, { expression: m.expression(k.expression) })),
      });
    case 'Slice':
      return withChanges(node, {
        input: m.relation(node.input),
        offset: m.number(node.offset, 'count'),
        limit: optionalNumber(m, node.limit, 'count'),
        after: optionalText(m, node.after, 'cursor'),
      });
    case 'Group':
      return withChanges(node, {
        input: m.relation(node.input),
        by: node.by && mapList(node.by, (c) => withChanges(c, { expression: m.expression(c.expression) })),
        aggregates: mapList(node.aggregates, (a) =>
          withChanges(a, { argument: optionalExpression(m, a.argument) }),
        ),
      });
    case 'Join':
      return withChanges(node, {
        left: m.relation(node.left),
        right: m.relation(node.right),
        on: mapList(node.on, (p) =>
          withChanges(p, { left: mapField(m, p.left), right: mapField(m, p.right) }),
        ),
      });
    default:
      return assertNever(node);
  }
}

function mapCondition(m: Mapper, condition: WriteCondition | undefined): WriteCondition | undefined {
  if (condition?.kind !== 'IfVersion') return condition;
  return withChanges(condition, { version: m.number(condition.version, 'version') });
}
function optionalKey(m: Mapper, key: string | Param | undefined) {
  return optionalText(m, key, 'key');
}
type NamedArguments = readonly { readonly name: string; readonly value: Expression }[];
function mapArguments(m: Mapper, list: NamedArguments): NamedArguments {
  return mapList(list, (a) => withChanges(a, { value: m.expression(a.value) }));
}

function mapEffect(m: Mapper, effect: RowEffect): RowEffect {
  switch (effect.kind) {
    case 'RemoveEach':
    case 'SaveEach':
      return effect;
    case 'SaveAll':
      return withChanges(effect, { key: m.text(effect.key, 'key') });
    case 'InvokeEach':
      return withChanges(effect, { arguments: mapArguments(m, effect.arguments) });
    default:
      return assertNever(effect);
  }
}

/** Maps the children of one write; a mapper of plans may turn an operation into another operation only. */
function mapOperation(m: Mapper, operation: WriteOperation): WriteOperation {
  const mapped = m.plan(operation);
  return mapped.kind === 'Put' || mapped.kind === 'Delete' || mapped.kind === 'Increment'
    ? mapped
    : operation;
}

/** Maps the direct children of a plan; the same object when nothing changed. */
export function mapPlanChildren(node: Plan, m: Mapper): Plan {
  switch (node.kind) {
    case 'Query':
    case 'DefineView':
    case 'Export':
      return withChanges(node, { relation: m.relation(node.relation) });
    case 'Put':
      return withChanges(node, {
        key: optionalKey(m, node.key),
        payload: m.expression(node.payload),
        ttl: optionalNumber(m, node.ttl, 'seconds'),
        price: optionalNumber(m, node.price, 'price'),
        condition: mapCondition(m, node.condition),
      });
    case 'Delete':
      return withChanges(node, { key: m.text(node.key, 'key'), condition: mapCondition(m, node.condition) });
    case 'Increment':
      return withChanges(node, { key: m.text(node.key, 'key'), delta: m.number(node.delta, 'delta') });
    case 'Batch':
      return withChanges(node, { operations: mapList(node.operations, (o) => mapOperation(m, o)) });
    case 'ForEach':
      return withChanges(node, { input: m.relation(node.input), effect: mapEffect(m, node.effect) });
    case 'DefineSchema':
      return withChanges(node, { version: optionalText(m, node.version, 'text') });
    case 'Validate':
      return withChanges(node, { payload: m.expression(node.payload) });
    case 'Grant':
      return withChanges(node, { principals: mapList(node.principals, (p) => m.text(p, 'principal')) });
    case 'Revoke':
      return withChanges(node, {
        principals: node.principals && mapList(node.principals, (p) => m.text(p, 'principal')),
      });
    case 'Call':
      return withChanges(node, {
        body: optionalExpression(m, node.body),
        maxRetries: optionalNumber(m, node.maxRetries, 'retries'),
      });
    case 'Trigger':
      return withChanges(node, {
        url: m.text(node.url, 'url'),
        secret: optionalText(m, node.secret, 'text'),
      });
    case 'Schedule': {
      const action = m.plan(node.action);
      return action.kind === 'Call' ? withChanges(node, { action }) : node;
    }
    case 'Drop':
      return withChanges(node, { id: m.text(node.id, 'id') });
    case 'Invoke':
      return withChanges(node, { key: optionalKey(m, node.key), arguments: mapArguments(m, node.arguments) });
    case 'Translate':
    case 'Explain':
      return withChanges(node, { plan: m.plan(node.plan) });
    case 'DefineIndex':
    case 'Undefine':
    case 'SetPolicy':
    case 'Inspect':
      return node;
    default:
      return assertNever(node);
  }
}
