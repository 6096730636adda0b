import type {
  Aggregate,
  Facet,
  FieldName,
  Find,
  JoinClause,
  KeyName,
  Name,
  PickItem,
  Pipe,
  Predicate,
  Principal,
  Query,
  RouteName,
  ServiceArgument,
  SortKey,
  Statement,
  Value,
  AsOf,
  FieldRule,
  WriteCondition,
  Recurrence,
  Script,
  Comment,
  Operand,
} from './ast/index.js';

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

type NodeOf<K extends Kind> = Extract<AstNode, { readonly kind: K }>;

/**
 * Where the children of every kind are, in the order of reading. A child may be a node, a list, or a record of
 * nodes such as `clauses`. A kind left out does not compile, nor does a key that its node lacks.
 */
export const childKeys: { readonly [K in Kind]: readonly Exclude<keyof NodeOf<K>, 'kind' | 'span'>[] } = {
  Script: ['statements'],
  Comment: [],
  StringValue: [],
  NumberValue: [],
  BooleanValue: [],
  NullValue: [],
  JsonValue: [],
  Parameter: [],
  ObjectValue: ['members'],
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
  AsOf: ['at'],
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

/** What a visitor answers: go on, leave the children of this node out, or end the walk. */
export type VisitAnswer = 'skip' | 'stop' | undefined | void;

export interface Visitor {
  /** Called before the children; `ancestors` leads from the root to the parent. */
  readonly enter?: (node: AstNode, ancestors: readonly AstNode[]) => VisitAnswer;
  /** Called after the children. */
  readonly leave?: (node: AstNode, ancestors: readonly AstNode[]) => VisitAnswer;
}

function isNode(value: object): value is AstNode {
  return 'kind' in value && typeof value.kind === 'string' && value.kind in childKeys;
}

function walkChild(child: unknown, visitor: Visitor, ancestors: AstNode[]): boolean {
  if (typeof child !== 'object' || child === null) return true;
  if (isNode(child)) return walk(child, visitor, ancestors);
  return Object.values(child).every((part) => walkChild(part, visitor, ancestors));
}

/** Whether the walk goes on. */
function walk(node: AstNode, visitor: Visitor, ancestors: AstNode[]): boolean {
  const answer = visitor.enter?.(node, ancestors);
  if (answer === 'stop') return false;
  if (answer !== 'skip') {
    ancestors.push(node);
    const keys: readonly string[] = childKeys[node.kind];
    const children = new Map(Object.entries(node));
    const goesOn = keys.every((key) => walkChild(children.get(key), visitor, ancestors));
    ancestors.pop();
    if (!goesOn) return false;
  }
  return visitor.leave?.(node, ancestors) !== 'stop';
}

/**
 * Walks a tree depth first, in the order of `childKeys`. `enter` may answer `skip` to leave the children out or
 * `stop` to end the walk; `leave` may answer `stop`.
 */
export function visit(root: AstNode, visitor: Visitor): void {
  walk(root, visitor, []);
}
