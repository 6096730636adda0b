import fc, { type Arbitrary } from 'fast-check';
import type { Aggregate, Clauses, Find, Pipe, Predicate } from '../ast/index.js';
import {
  anyText,
  compact,
  fieldName,
  key,
  list,
  maybe,
  name,
  operand,
  parameter,
  route,
  span,
  tested,
  text,
  whole,
} from './values.arbitrary.js';

export function predicateOf(inner: Arbitrary<Predicate>, subquery: Arbitrary<Find>): Arbitrary<Predicate> {
  const operator = fc.constantFrom(
    '=' as const,
    '!=' as const,
    '<' as const,
    '<=' as const,
    '>' as const,
    '>=' as const,
  );
  const match = fc.constantFrom('contains' as const, 'starts with' as const, 'ends with' as const);
  return fc.oneof(
    { maxDepth: 3, depthIdentifier: 'predicate' },
    fc
      .record({ operator, left: tested, right: operand })
      .map((one) => ({ kind: 'ComparisonPredicate' as const, ...one, span })),
    fc
      .record({ operator: match, left: tested, right: operand })
      .map((one) => ({ kind: 'TextMatchPredicate' as const, ...one, span })),
    fc
      .record({ operand: tested, low: operand, high: operand })
      .map((one) => ({ kind: 'BetweenPredicate' as const, ...one, span })),
    fc
      .record({ operand: tested, negated: fc.boolean() })
      .map((one) => ({ kind: 'ExistsPredicate' as const, ...one, span })),
    fc
      .record({ operand: tested, negated: fc.boolean() })
      .map((one) => ({ kind: 'IsNullPredicate' as const, ...one, span })),
    fc
      .record({
        operand: tested,
        negated: fc.boolean(),
        list: fc.oneof({ maxDepth: 2, depthIdentifier: 'predicate' }, list, parameter, subquery),
      })
      .map((one) => ({ kind: 'InPredicate' as const, ...one, span })),
    fc
      .array(inner, { minLength: 2, maxLength: 3, depthIdentifier: 'predicate' })
      .map((terms) => ({ kind: 'AndPredicate' as const, terms, span })),
    fc
      .array(inner, { minLength: 2, maxLength: 3, depthIdentifier: 'predicate' })
      .map((terms) => ({ kind: 'OrPredicate' as const, terms, span })),
    inner.map((term) => ({ kind: 'NotPredicate' as const, term, span })),
  );
}

export const sortKeys = fc.array(
  fc
    .record({ field: fieldName, descending: fc.boolean() })
    .map((one) => ({ kind: 'SortKey' as const, ...one, span })),
  { minLength: 1, maxLength: 2 },
);
export const aggregate: Arbitrary<Aggregate> = fc.oneof(
  maybe(name).map((alias) =>
    compact({ kind: 'Aggregate' as const, function: 'count' as const, alias, span }),
  ),
  fc
    .record({
      function: fc.constantFrom(
        'sum' as const,
        'avg' as const,
        'first' as const,
        'last' as const,
        'distinct' as const,
        'min' as const,
      ),
      field: fieldName,
      alias: maybe(name),
    })
    .map((one) => compact({ kind: 'Aggregate' as const, ...one, span })),
);
export const asOf = fc
  .oneof(
    anyText,
    whole.map((tx) => ({ kind: 'Transaction' as const, tx })),
  )
  .map((at) => ({ kind: 'AsOf' as const, at, span }));

export function clausesOf(inner: Arbitrary<Predicate>): Arbitrary<Clauses> {
  return (
    fc
      .record({
        latest: maybe(fc.constant(true)),
        history: maybe(fc.constant(true)),
        asOf: maybe(asOf),
        join: maybe(
          fc
            .record({
              join: fc.constantFrom('left' as const, 'inner' as const),
              route,
              left: fieldName,
              right: fieldName,
            })
            .map((one) => ({ kind: 'JoinClause' as const, ...one, span })),
        ),
        where: maybe(inner),
        group: maybe(fc.array(fieldName, { minLength: 1, maxLength: 2 })),
        aggregates: maybe(fc.array(aggregate, { minLength: 1, maxLength: 2 })),
        having: maybe(inner),
        sort: maybe(sortKeys),
        limit: maybe(whole),
        skip: maybe(whole),
        after: maybe(anyText),
        view: maybe(name),
      })
      .map((one) => compact(one.group || one.aggregates ? one : { ...one, having: undefined }))
      // `count as of` followed by a text would travel in time.
      .filter((one) => !(one.view?.text === 'of'))
  );
}

export const pipe: Arbitrary<Pipe> = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constant({ kind: 'PickItem' as const, value: '*' as const, span }),
        fc
          .record({ value: operand, alias: text })
          .map((one) => ({ kind: 'PickItem' as const, ...one, span })),
        tested.map((one) => ({ kind: 'PickItem' as const, value: one, span })),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((items) => ({ kind: 'PickPipe' as const, items, span })),
  maybe(whole).map((count) => compact({ kind: 'FirstPipe' as const, count, span })),
  fc.constant({ kind: 'CountPipe' as const, span }),
  sortKeys.map((keys) => ({ kind: 'SortPipe' as const, keys, span })),
  whole.map((count) => ({ kind: 'LimitPipe' as const, count, span })),
  whole.map((count) => ({ kind: 'SkipPipe' as const, count, span })),
  fc.constant({ kind: 'RemovePipe' as const, span }),
  fc.record({ route, key: maybe(key) }).map((one) => compact({ kind: 'SavePipe' as const, ...one, span })),
  fc
    .record({
      to: maybe(fc.oneof(anyText, list, fieldName)),
      subject: maybe(fc.oneof(anyText, fieldName)),
      body: maybe(anyText),
    })
    .map((one) => compact({ kind: 'SendEmailPipe' as const, ...one, span })),
);
export const pipes = fc.array(pipe, { maxLength: 3 });

export function findOf(inner: Arbitrary<Predicate>): Arbitrary<Find> {
  return fc
    .record({ route, clauses: clausesOf(inner), pipes })
    .map((one) => ({ kind: 'Find', ...one, span }));
}
export const queries = fc.letrec<{ find: Find; predicate: Predicate }>((tie) => ({
  predicate: predicateOf(tie('predicate'), tie('find')),
  find: findOf(tie('predicate')),
}));
export const { find, predicate } = queries;
export const clauses = clausesOf(predicate);
