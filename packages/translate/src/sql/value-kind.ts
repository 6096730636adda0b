import { assertNever } from '@drops/diagnostics';
import { typeOf, type AggregateColumn, type Expression, type FieldType, type Json } from '@drops/ir';
import type { Place } from './names.js';
import type { ValueKind, Writer } from './writer.js';

/** The kind of a JSON value. */
export function kindOfJson(of: Json): ValueKind {
  if (of === null) return 'null';
  switch (typeof of) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

const kinds: { readonly [T in FieldType]: ValueKind } = {
  unknown: 'unknown',
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'text',
  // These may hold a text or an object.
  identifier: 'unknown',
  blob: 'unknown',
  amount: 'unknown',
  relation: 'unknown',
  location: 'json',
  array: 'json',
};

function kindOfAggregate(aggregate: AggregateColumn, writer: Writer): ValueKind {
  switch (aggregate.fn) {
    case 'count':
    case 'sum':
    case 'avg':
      return 'number';
    case 'distinct':
      return 'json';
    case 'min':
    case 'max':
    case 'first':
    case 'last':
      return aggregate.argument ? writer.kindOf(aggregate.argument) : 'unknown';
    default:
      return assertNever(aggregate.fn);
  }
}

function kindOfPlace(place: Place, writer: Writer): ValueKind {
  switch (place.kind) {
    case 'columns':
      return kinds[place.type];
    case 'created_at':
      return writer.context.dialect.time ? 'time' : 'text';
    case 'route':
      return 'text';
    case 'output': {
      const inner = writer.within({ names: place.output.names, qualified: writer.scope.qualified });
      return place.output.kind === 'expression'
        ? inner.kindOf(place.output.expression)
        : kindOfAggregate(place.output.aggregate, inner);
    }
  }
}

/** What is known of the value of an expression: from its literal, its pattern or the function that made it. */
export function kindOf(expression: Expression, writer: Writer): ValueKind {
  switch (expression.kind) {
    case 'Lit':
      return kindOfJson(expression.value);
    case 'Field':
      return kindOfPlace(writer.place(expression), writer);
    case 'Fn':
      if (expression.name === 'now') return 'text';
      if (expression.name !== 'coalesce' || writer.context.isTypedByRow) return kinds[typeOf(expression)];
      return (
        expression.args.map((a) => writer.kindOf(a)).find((k) => k !== 'unknown' && k !== 'null') ?? 'unknown'
      );
    case 'Object':
      return 'json';
    default:
      return kinds[typeOf(expression)];
  }
}
