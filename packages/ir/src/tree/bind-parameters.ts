import { didYouMean, fail, type Span } from '@drops/diagnostics';
import type { Expression, Lit, NumberArgument, Param, Relation, TextArgument } from '../nodes/relational.js';
import type { Delete, Plan, Put, Query } from '../nodes/plans.js';
import { isArray, isObject, setProperty, type Json, type MutableObject } from '../values/json.js';
import { isStorable, storableJson } from '../values/stored-json.js';
import { describeValue } from '../values/describe-value.js';
import { checkNumber, checkText } from './argument-checks.js';
import { comparison } from './conditions.js';
import {
  mapExpressionChildren,
  mapPlanChildren,
  mapRelationChildren,
  type Mapper,
  type NumberRole,
  type TextRole,
} from './map-children.js';

/** Values by parameter name, without the `$`. */
export type ParameterValues = ReadonlyMap<string, Json>;

/**
 * Replaces every parameter by its value; the same plan when it has none.
 * UNKNOWN_PARAMETER when a value is missing, TYPE_ERROR or INVALID_KEY when it cannot stand there, with the span.
 * A null compared with `=` becomes the literal null, a null payload a removal.
 * Texts and numbers of the parameters in `slots` say in the plan which parameter they are of.
 */
export function bindParameters(
  plan: Plan,
  values: ParameterValues,
  slots: ReadonlySet<string> = noSlots,
): Plan {
  return bindGet(plan, values, slots) ?? binder(values, slots).plan(plan);
}

/**
 * The same for a query, with the values put in only when its relation is asked for: a plan that is kept for its template runs with
 * the values beside it. `slots` are all its parameters. Undefined when a value is not a text or a number that may stand anywhere.
 */
export function bindLate(
  query: Query,
  values: ParameterValues,
  slots: ReadonlySet<string>,
): Query | undefined {
  if (keyOfGet(query)) return undefined;
  for (const name of slots) {
    const value = values.get(name);
    const fits =
      typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && isStorable(value);
    if (!fits) return undefined;
  }
  return new LateQuery(query, values, slots);
}

class LateQuery implements Query {
  readonly kind = 'Query';
  readonly shape: Query['shape'];
  readonly language?: 'sql';
  readonly span: Span;
  readonly #open: Relation;
  readonly #values: ParameterValues;
  readonly #slots: ReadonlySet<string>;
  #bound: Relation | undefined;

  constructor(
    { shape, language, span, relation }: Query,
    values: ParameterValues,
    slots: ReadonlySet<string>,
  ) {
    this.shape = shape;
    if (language) this.language = language;
    this.span = span;
    this.#open = relation;
    this.#values = values;
    this.#slots = slots;
  }

  get relation(): Relation {
    this.#bound ??= binder(this.#values, this.#slots).relation(this.#open);
    return this.#bound;
  }
}

/** The same for the parameters that have a value; the others stay. */
export function bindSome(plan: Plan, values: ParameterValues): Plan {
  return binder(values, noSlots, true).plan(plan);
}

/** The same for a relation alone. */
export function bindRelation(relation: Relation, values: ParameterValues): Relation {
  return binder(values, noSlots).relation(relation);
}

/** The same for an expression alone. */
export function bindExpression(expression: Expression, values: ParameterValues): Expression {
  return binder(values, noSlots).expression(expression);
}

const noSlots: ReadonlySet<string> = new Set();

function literal({ name, span }: Param, value: Json, slots: ReadonlySet<string>): Lit {
  const scalar = typeof value === 'string' || typeof value === 'number';
  return scalar && slots.has(name) ? { kind: 'Lit', value, span, slot: name } : { kind: 'Lit', value, span };
}

function binder(values: ParameterValues, slots: ReadonlySet<string>, some = false): Mapper {
  const stays = ({ name }: Param): boolean => some && !values.has(name);
  const valueOf = (param: Param): Json => {
    const value = values.get(param.name);
    if (value === undefined) failUnknown(param, values);
    return storableJson(value, param.span);
  };
  const mapper: Mapper = {
    plan: (node) => {
      const key = keyOfGet(node);
      if (key && !stays(key)) checkText(valueOf(key), 'key', `$${key.name}`, key.span);
      return checkBound(mapPlanChildren(node, mapper), node);
    },
    relation: (node) => mapRelationChildren(node, mapper),
    expression: (node) => {
      if (node.kind === 'Param') return stays(node) ? node : literal(node, valueOf(node), slots);
      const mapped = mapExpressionChildren(node, mapper);
      return mapped === node ? node : normalise(mapped);
    },
    number: (value: NumberArgument, role: NumberRole) =>
      typeof value === 'number' || stays(value)
        ? value
        : checkNumber(valueOf(value), role, `$${value.name}`, value.span),
    text: (value: TextArgument, role: TextRole) =>
      typeof value === 'string' || stays(value)
        ? value
        : checkText(valueOf(value), role, `$${value.name}`, value.span),
  };
  return mapper;
}

/** `get R @$key`, nearly all gets: copies of the four nodes on the way to the key instead of a walk; undefined for all other plans. */
function bindGet(plan: Plan, values: ParameterValues, slots: ReadonlySet<string>): Plan | undefined {
  if (plan.kind !== 'Query' || plan.shape !== 'drop' || plan.relation.kind !== 'Slice') return undefined;
  const { relation: slice } = plan;
  const { input: filter } = slice;
  if (filter.kind !== 'Filter' || filter.input.kind !== 'Scan' || filter.input.asOf) return undefined;
  const { predicate } = filter;
  if (predicate.kind !== 'Cmp' || predicate.left.kind !== 'Field' || predicate.right.kind !== 'Param')
    return undefined;
  if (typeof slice.offset !== 'number' || typeof slice.limit !== 'number' || slice.after) return undefined;
  const { right } = predicate;
  const value = values.get(right.name);
  if (typeof value !== 'string') return undefined;
  checkText(storableJson(value, right.span), 'key', `$${right.name}`, right.span);
  const bound = { ...predicate, right: literal(right, value, slots) };
  return { ...plan, relation: { ...slice, input: { ...filter, predicate: bound } } };
}

/** The parameter that is the key of a get: there it is a key, elsewhere a comparison takes any value. */
function keyOfGet(plan: Plan): Param | undefined {
  if (plan.kind !== 'Query' || (plan.shape !== 'drop' && plan.shape !== 'versions')) return undefined;
  const { relation } = plan;
  const filter = relation.kind === 'Slice' ? relation.input : relation;
  if (filter.kind !== 'Filter' || filter.predicate.kind !== 'Cmp') return undefined;
  const { right } = filter.predicate;
  return right.kind === 'Param' ? right : undefined;
}

function failUnknown(param: Param, values: ParameterValues): never {
  fail('UNKNOWN_PARAMETER', `no value was given for $${param.name}`, {
    span: param.span,
    hint: didYouMean(param.name, values.keys()) ?? `give it in "params": { "${param.name}": … }`,
  });
}

/** What folds once values stand where parameters stood. */
function normalise(node: Expression): Expression {
  switch (node.kind) {
    case 'Cmp':
      return comparison(node.op, node.left, node.right, node.span);
    case 'List':
    case 'Object':
      return foldLiteral(node);
    case 'In':
      if (node.list.kind === 'Lit') checkListValue(node.list.value, node.list.span);
      return node;
    default:
      return node;
  }
}

/** TYPE_ERROR unless the value is a list, as `in` needs. */
export function checkListValue(value: Json, span: Span): void {
  if (!isArray(value)) fail('TYPE_ERROR', `"in" needs a list; found ${describeValue(value)}`, { span });
}

/** An array or object of literals as one literal; otherwise the node itself. Of duplicate names the last wins. */
export function foldLiteral(node: Expression): Expression {
  if (node.kind === 'List') {
    const items: Json[] = [];
    for (const item of node.items) {
      if (item.kind !== 'Lit') return node;
      items.push(item.value);
    }
    return { kind: 'Lit', value: items, span: node.span };
  }
  if (node.kind !== 'Object') return node;
  const object: MutableObject = {};
  for (const { name, value } of node.members) {
    if (value.kind !== 'Lit') return node;
    setProperty(object, name, value.value);
  }
  return { kind: 'Lit', value: object, span: node.span };
}

/** What a statement asks of its payload, looked at again now that it is known. */
function checkBound(plan: Plan, before: Plan): Plan {
  if (plan === before || plan.kind !== 'Put') return plan;
  return plan.payload.kind === 'Lit' ? putOf(plan, plan.payload.value) : plan;
}

/**
 * A write as its payload makes it: null with a key is a removal, without a key KEY_REQUIRED,
 * a merge of anything but an object TYPE_ERROR. Used when lowering and when a parameter is bound.
 */
export function putOf(put: Put, payload: Json): Put | Delete {
  const span = put.payload.span;
  if (put.mode === 'merge' && !isObject(payload)) {
    fail('TYPE_ERROR', `update needs an object; found ${describeValue(payload)}`, {
      span,
      hint: 'name the fields to change: update R @k field: value',
    });
  }
  if (payload !== null) return put;
  if (put.key === undefined) {
    fail('KEY_REQUIRED', 'null removes an entity, so it needs a key', { span, hint: 'save R @key null' });
  }
  return {
    kind: 'Delete',
    route: put.route,
    key: put.key,
    ...(put.condition && { condition: put.condition }),
    span: put.span,
  };
}
