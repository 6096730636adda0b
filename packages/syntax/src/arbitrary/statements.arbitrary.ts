import fc, { type Arbitrary } from 'fast-check';
import type {
  Principal,
  Recurrence,
  Run,
  Service,
  ServiceArgument,
  Statement,
  Value,
  Write,
  WriteOptions,
} from '../ast/index.js';
import { asOf, clauses, find, pipes, predicate } from './queries.arbitrary.js';
import {
  amount,
  anyText,
  bareRoute,
  compact,
  fieldName,
  key,
  list,
  maybe,
  memberName,
  object,
  parameter,
  route,
  span,
  stringValue,
  text,
  top,
  value,
  whole,
  word,
} from './values.arbitrary.js';

const writeOptions: Arbitrary<WriteOptions> = fc
  .record({
    keep: maybe(amount),
    price: maybe(amount),
    open: maybe(fc.constant(true)),
    condition: maybe(
      fc.oneof(
        fc.constant({ kind: 'IfAbsent' as const, span }),
        whole.map((version) => ({ kind: 'IfVersion' as const, version, span })),
      ),
    ),
  })
  .map(compact);
const payload: Arbitrary<Value> = fc.oneof(object, object, list, stringValue, parameter);
const fields: Arbitrary<Value> = fc.oneof(object, parameter);
const write: Arbitrary<Write> = fc.oneof(
  fc
    .record({ route: bareRoute, key: maybe(key), payload, options: writeOptions })
    .map((one) => compact({ kind: 'Save' as const, ...one, span })),
  fc
    .record({ route: bareRoute, key, options: writeOptions })
    .map((one) => ({ kind: 'Save' as const, ...one, payload: { kind: 'NullValue' as const, span }, span })),
  fc
    .record({ route, key, payload: fields, options: writeOptions })
    .map((one) => ({ kind: 'Update' as const, ...one, span })),
  fc
    .record({ route, key, condition: maybe(fc.constant({ kind: 'IfAbsent' as const, span })) })
    .map((one) => compact({ kind: 'Remove' as const, ...one, span })),
  fc
    .record({ negative: fc.boolean(), amount, route, key, field: fieldName })
    .map((one) => ({ kind: 'Add' as const, ...one, span })),
);

const run: Arbitrary<Run> = fc
  .record({ route, body: maybe(payload), async: fc.boolean(), maxRetries: maybe(whole) })
  .map((one) => compact({ kind: 'Run' as const, ...one, span }));
const time = fc.record({ hour: fc.nat(23), minute: fc.constantFrom(0, 5, 30, 59) });
const recurrence: Arbitrary<Recurrence> = fc.oneof(
  text.map((one) => ({ kind: 'CronText' as const, text: one, span })),
  fc
    .record({
      count: fc.integer({ min: 1, max: 90 }),
      unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      at: maybe(time),
    })
    .map((one) => compact({ kind: 'Interval' as const, ...one, span })),
  fc
    .record({
      count: fc.integer({ min: 1, max: 90 }),
      unit: fc.constantFrom('minute' as const, 'hour' as const),
    })
    .map((one) => ({ kind: 'Interval' as const, ...one, span })),
  fc
    .record({ weekday: fc.constantFrom('monday' as const, 'sunday' as const), at: maybe(time) })
    .map((one) => compact({ kind: 'OnWeekday' as const, ...one, span })),
);

const principal: Arbitrary<Principal> = fc
  .oneof(word, text, parameter)
  .map((one) => ({ kind: 'Principal', text: one, span }));
const principals = fc.array(principal, { minLength: 1, maxLength: 3 });

const argument = (argumentName: string, one: Arbitrary<Value>): Arbitrary<ServiceArgument> =>
  one.map((given) => ({ kind: 'ServiceArgument', name: argumentName, value: given, span }));
const optionsOf = (...names: readonly string[]): Arbitrary<ServiceArgument[]> =>
  fc
    .shuffledSubarray([...names], { minLength: 1 })
    .chain((some) => fc.tuple(...some.map((one) => argument(one, value))));
const call = (
  service: Service['service'],
  verb: string,
  given: Arbitrary<ServiceArgument[]>,
): Arbitrary<Service> => given.map((args) => ({ kind: 'Service', service, verb, arguments: args, span }));
const anyArguments = fc
  .uniqueArray(memberName, { maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((one) => argument(one, value))));
const service: Arbitrary<Service> = fc.oneof(
  call('mail', 'claim', fc.tuple(argument('username', anyText))),
  call('mail', 'domain_add', fc.tuple(argument('domain', anyText))),
  call('mail', 'send', optionsOf('from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'body', 'html', 'text')),
  call('push', 'send', fc.tuple(argument('title', anyText), argument('to', value), argument('body', value))),
  call('push', 'send', anyArguments),
  route.map((one) => ({
    kind: 'Service' as const,
    service: 'push' as const,
    verb: 'subscribe',
    arguments: [],
    route: one,
    span,
  })),
  call(
    'value',
    'create',
    fc.tuple(argument('id', anyText), argument('symbol', value), argument('name', value)),
  ),
  call(
    'value',
    'transfer',
    fc.tuple(argument('currency', anyText), argument('amount', amount), argument('to', anyText)),
  ),
  call('value', 'ledger', fc.tuple(argument('currency', anyText), argument('limit', whole))),
  call('value', 'currencies', fc.constant([])),
  fc
    .record({ route, key: maybe(key), arguments: anyArguments })
    .map((one) =>
      compact({ kind: 'Service' as const, service: 'calendar' as const, verb: 'event', ...one, span }),
    ),
  call('subkey', 'create', anyArguments),
  call('subkey', 'revoke', fc.tuple(argument('id', anyText))),
  call('key', 'require_signature', fc.constant([])),
);

const plain: Arbitrary<Statement> = fc.oneof(
  { weight: 6, arbitrary: find },
  { weight: 4, arbitrary: write },
  fc
    .record({ route, key, history: maybe(fc.constant(true)), historyLimit: maybe(whole), asOf: maybe(asOf) })
    .map((one) =>
      compact({ kind: 'Get' as const, ...one, historyLimit: one.history && one.historyLimit, span }),
    ),
  fc.record({ route, clauses, pipes }).map((one) => ({ kind: 'List' as const, ...one, span })),
  fc.record({ route, clauses }).map((one) => ({ kind: 'Count' as const, ...one, span })),
  fc
    .record({
      route,
      text: maybe(anyText),
      vector: maybe(value),
      top: maybe(top),
      fusion: maybe(anyText),
      candidates: maybe(whole),
      minScore: maybe(amount),
      highlight: maybe(fc.constant(true as const)),
      where: maybe(predicate),
      asOf: maybe(asOf),
      clauses: clauses.map(({ join, group, aggregates, having, sort }) =>
        compact({ join, group, aggregates, having, sort }),
      ),
      pipes,
    })
    .map((one) => compact({ kind: 'Search' as const, ...one, span })),
  fc
    .record({
      facets: fc.array(
        fc
          .record({
            name: fc.constantFrom(
              'dates' as const,
              'locations' as const,
              'identifiers' as const,
              'amounts' as const,
            ),
            condition: fields,
          })
          .map((one) => ({ kind: 'Facet' as const, ...one, span })),
        { minLength: 1, maxLength: 2 },
      ),
      clauses,
      pipes,
    })
    .map((one) => ({ kind: 'Primitives' as const, ...one, span })),
  fc.array(write, { minLength: 1, maxLength: 3 }).map((writes) => ({ kind: 'Bulk' as const, writes, span })),
  fc
    .record({
      route,
      version: maybe(anyText),
      fields: fc.array(
        fc
          .record({ name: memberName, rule: value })
          .map((one) => ({ kind: 'FieldRule' as const, ...one, span })),
        { maxLength: 3 },
      ),
    })
    .map((one) => compact({ kind: 'Define' as const, ...one, span })),
  fc
    .record({ route, fields: fc.array(fieldName, { minLength: 1, maxLength: 2 }) })
    .map((one) => ({ kind: 'DefineIndex' as const, ...one, span })),
  fc
    .record({ route, fields: maybe(fc.array(fieldName, { minLength: 1, maxLength: 2 })) })
    .map((one) => compact({ kind: 'Undefine' as const, ...one, span })),
  fc.record({ route, payload }).map((one) => ({ kind: 'Validate' as const, ...one, span })),
  fc
    .record({
      route,
      principals,
      mode: maybe(
        fc.constantFrom('shared' as const, 'protected' as const, 'writeonly' as const, 'moderated' as const),
      ),
      permissions: maybe(fc.oneof(list, parameter)),
    })
    .map((one) => compact({ kind: 'Share' as const, ...one, span })),
  fc
    .record({ route, principals: fc.array(principal, { maxLength: 2 }) })
    .map((one) => ({ kind: 'Unshare' as const, ...one, span })),
  run,
  bareRoute.map((one) => ({ kind: 'StatusOfRoute' as const, route: one, span })),
  stringValue.map((id) => ({ kind: 'StatusOfJob' as const, id, span })),
  fc
    .record({ route, url: anyText, secret: maybe(anyText) })
    .map((one) => compact({ kind: 'When' as const, ...one, span })),
  anyText.map((id) => ({ kind: 'WebhookDelete' as const, id, span })),
  fc
    .record({ recurrence, name: memberName.map((one) => ({ kind: 'Name' as const, text: one, span })), run })
    .map((one) => ({ kind: 'Every' as const, ...one, span })),
  anyText.map((one) => ({ kind: 'ScheduleDelete' as const, name: one, span })),
  fc
    .record({
      route,
      latest: fc.boolean(),
      where: maybe(predicate),
      format: maybe(
        fc.constantFrom('csv', 'sql', 'json').map((one) => ({ kind: 'Name' as const, text: one, span })),
      ),
    })
    .map((one) => compact({ kind: 'Export' as const, ...one, span })),
  stringValue.map((one) => ({ kind: 'Sql' as const, text: one, span })),
  fc.constantFrom<Statement>(
    { kind: 'Patterns', span },
    { kind: 'WritePublic', span },
    { kind: 'Webhooks', span },
    { kind: 'Schedules', span },
    { kind: 'Context', span },
  ),
  service,
);

/** Any statement that the language can say. */
export const statement: Arbitrary<Statement> = fc.oneof(
  { weight: 8, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc
      .record({
        mode: fc.constantFrom('plan' as const, 'analyze' as const, 'access' as const),
        statement: plain,
      })
      .map((one) => ({ kind: 'Explain' as const, ...one, span })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        statement: plain,
        target: fc.constantFrom('sql', 'curl').map((one) => ({ kind: 'Name' as const, text: one, span })),
      })
      .map((one) => ({ kind: 'Translate' as const, ...one, span })),
  },
);
