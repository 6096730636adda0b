import type { Aggregate, Facet, FieldName, Find, JoinClause, KeyName, Member, Name, PickItem, Pipe, Predicate, Principal, Query, RouteName, ServiceArgument, SortKey, Statement, Value, AsOf, FieldRule, WriteCondition, Recurrence, Script, Comment, Operand } from './ast/index.js';

/** Every node that has a kind of its own. */
export type AstNode =
  | Script
  | Comment
  | Statement
  | Query
  | Pipe
  | Predicate
  | Operand
  | Value
  | Aggregate
  | AsOf
  | Facet
  | FieldName
  | FieldRule
  | Find
  | JoinClause
  | KeyName
  | Name
  | PickItem
  | Principal
  | Recurrence
  | RouteName
  | ServiceArgument
  | SortKey
  | WriteCondition;

type Kind = AstNode['kind'];

/**
 * Where the children of every kind are, in the order of reading. A dot reaches into a record that is no node
 * (`clauses.where`); a child may be one node, a list of nodes, or nothing. A kind left out does not compile.
 */
export const childKeys: { readonly [K in Kind]: readonly string[] } = {
  Script: ['statements'],
  Comment: [],
  StringValue: [],
  NumberValue: [],
  BooleanValue: [],
  NullValue: [],
  JsonValue: [],
  Parameter: [],
  ObjectValue: ['members.value'],
  ArrayValue: ['items'],
  RouteName: [],
  KeyName: ['key'],
  Name: [],
  FieldName: [],
  ArithmeticExpression: ['left', 'right'],
  CallExpression: ['arguments'],
  ComparisonPredicate: ['left', 'right'],
  BetweenPredicate: ['operand', 'low', 'high'],
  InPredicate: ['operand', 'list'],
  TextMatchPredicate: ['left', 'right'],
  ExistsPredicate: ['operand'],
  IsNullPredicate: ['operand'],
  AndPredicate: ['terms'],
  OrPredicate: ['terms'],
  NotPredicate: ['term'],
  Aggregate: ['field', 'alias'],
  SortKey: ['field'],
  JoinClause: ['route', 'left', 'right'],
  AsOf: ['at', 'at.tx'],
  PickItem: ['value'],
  PickPipe: ['items'],
  FirstPipe: ['count'],
  CountPipe: [],
  SortPipe: ['keys'],
  LimitPipe: ['count'],
  SkipPipe: ['count'],
  WherePipe: ['predicate'],
  RemovePipe: [],
  SavePipe: ['route', 'key'],
  SendEmailPipe: ['to', 'subject', 'body'],
  Get: ['route', 'key', 'historyLimit', 'asOf'],
  Find: ['route', 'clauses', 'pipes'],
  List: ['route', 'clauses', 'pipes'],
  Count: ['route', 'clauses'],
  Search: ['route', 'text', 'vector', 'top', 'fusion', 'candidates', 'minScore', 'where', 'asOf', 'pipes'],
  Facet: ['condition'],
  Primitives: ['facets', 'clauses', 'pipes'],
  IfVersion: ['version'],
  IfAbsent: [],
  Save: ['route', 'key', 'payload', 'options'],
  Update: ['route', 'key', 'payload', 'options'],
  Remove: ['route', 'key', 'condition'],
  Add: ['amount', 'route', 'key', 'field'],
  Bulk: ['writes'],
  FieldRule: ['rule'],
  Define: ['route', 'version', 'fields'],
  DefineIndex: ['route', 'fields'],
  Undefine: ['route', 'fields'],
  Validate: ['route', 'payload'],
  Patterns: [],
  Principal: ['text'],
  Share: ['route', 'principals', 'permissions'],
  Unshare: ['route', 'principals'],
  WritePublic: [],
  Run: ['route', 'body', 'maxRetries'],
  StatusOfJob: ['id'],
  StatusOfRoute: ['route'],
  When: ['route', 'url', 'secret'],
  Webhooks: [],
  WebhookDelete: ['id'],
  CronText: [],
  Interval: [],
  OnWeekday: [],
  Every: ['recurrence', 'name', 'run'],
  Schedules: [],
  ScheduleDelete: ['name'],
  Export: ['route', 'where', 'format', 'dialect'],
  Translate: ['statement', 'target'],
  Sql: ['text'],
  Context: [],
  Explain: ['statement'],
  ServiceArgument: ['value'],
  Service: ['route', 'key', 'arguments'],
};
