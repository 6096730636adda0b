import type { AccessMode, Permission } from '../values/permissions.js';
import type {
  Expression,
  FieldType,
  NumberArgument,
  Param,
  Relation,
  Spanned,
  TextArgument,
} from './relational.js';

/** What the reply looks like (contract: Result of each statement). */
export type ResultShape = 'rows' | 'drop' | 'versions' | 'keys' | 'count' | 'search';

export interface Query extends Spanned {
  readonly kind: 'Query';
  readonly shape: ResultShape;
  /** It came as SQL, which takes a permission of its own. */
  readonly language?: 'sql';
  readonly relation: Relation;
}

export type WriteCondition =
  | ({ readonly kind: 'IfVersion'; readonly version: NumberArgument } & Spanned)
  | ({ readonly kind: 'IfAbsent' } & Spanned);

/** `replace` a keyed entity, `append` an event, `merge` fields into a live entity. */
export type PutMode = 'replace' | 'append' | 'merge';
export interface Put extends Spanned {
  readonly kind: 'Put';
  readonly route: string;
  readonly key?: string | Param;
  readonly payload: Expression;
  readonly mode: PutMode;
  /** Life span in seconds. */
  readonly ttl?: NumberArgument;
  readonly price?: NumberArgument;
  readonly open: boolean;
  readonly condition?: WriteCondition;
}
export interface Delete extends Spanned {
  readonly kind: 'Delete';
  readonly route: string;
  readonly key: string | Param;
  /** `remove` of nothing is 404; `save … null` the same. */
  readonly condition?: WriteCondition;
}
export interface Increment extends Spanned {
  readonly kind: 'Increment';
  readonly route: string;
  readonly key: string | Param;
  readonly path: readonly (string | number)[];
  readonly delta: NumberArgument;
  /** `subtract`: the delta counts down. */
  readonly negative: boolean;
}
export type WriteOperation = Put | Delete | Increment;
/** All or nothing; operations see earlier ones. */
export interface Batch extends Spanned {
  readonly kind: 'Batch';
  readonly operations: readonly WriteOperation[];
}

/** What a pipe does with the rows it ends on. */
export type RowEffect =
  | ({ readonly kind: 'RemoveEach' } & Spanned)
  /** One drop a row: same payload, same key. */
  | ({ readonly kind: 'SaveEach'; readonly route: string } & Spanned)
  /** One entity whose payload is the array of flat rows (the one object after `first`). */
  | ({ readonly kind: 'SaveAll'; readonly route: string; readonly key: string | Param } & Spanned)
  | ({
      readonly kind: 'InvokeEach';
      readonly service: string;
      readonly verb: string;
      readonly arguments: readonly { readonly name: string; readonly value: Expression }[];
    } & Spanned);
export interface ForEach extends Spanned {
  readonly kind: 'ForEach';
  readonly input: Relation;
  readonly effect: RowEffect;
}

export interface DefineView extends Spanned {
  readonly kind: 'DefineView';
  readonly name: string;
  readonly relation: Relation;
}
export interface FieldRule {
  readonly name: string;
  readonly type: Exclude<FieldType, 'unknown' | 'array'>;
  readonly required: boolean;
  readonly array: boolean;
  readonly enum?: readonly string[];
}
export interface DefineSchema extends Spanned {
  readonly kind: 'DefineSchema';
  readonly name: string;
  readonly version?: TextArgument;
  readonly fields: readonly FieldRule[];
}
export interface DefineIndex extends Spanned {
  readonly kind: 'DefineIndex';
  readonly route: string;
  readonly fields: readonly (readonly (string | number)[])[];
}
/** Removes a pattern or a view of this name; with `fields` an index. */
export interface Undefine extends Spanned {
  readonly kind: 'Undefine';
  readonly name: string;
  readonly fields?: readonly (readonly (string | number)[])[];
}
export interface Validate extends Spanned {
  readonly kind: 'Validate';
  readonly schema: string;
  readonly payload: Expression;
}

export interface Grant extends Spanned {
  readonly kind: 'Grant';
  readonly route: string;
  readonly principals: readonly TextArgument[];
  readonly mode?: AccessMode;
  readonly permissions?: readonly Permission[];
}
export interface Revoke extends Spanned {
  readonly kind: 'Revoke';
  readonly route: string;
  /** null: the whole list goes. */
  readonly principals: readonly TextArgument[] | null;
}
export interface SetPolicy extends Spanned {
  readonly kind: 'SetPolicy';
  readonly name: 'autoProtect';
  readonly value: boolean;
}

/** Runs a stored function. */
export interface Call extends Spanned {
  readonly kind: 'Call';
  readonly route: string;
  readonly body?: Expression;
  readonly async: boolean;
  readonly maxRetries?: NumberArgument;
}
export interface Trigger extends Spanned {
  readonly kind: 'Trigger';
  readonly route: string;
  readonly event: 'write';
  readonly url: TextArgument;
  readonly secret?: TextArgument;
}
export interface Schedule extends Spanned {
  readonly kind: 'Schedule';
  readonly name: string;
  /** Five fields: minute hour day month weekday. */
  readonly cron: string;
  readonly action: Call;
}
export interface Drop extends Spanned {
  readonly kind: 'Drop';
  readonly what: 'webhook' | 'schedule';
  readonly id: TextArgument;
}
export type InspectTarget =
  | { readonly what: 'route'; readonly route: string }
  | { readonly what: 'job'; readonly id: string }
  | { readonly what: 'patterns' | 'webhooks' | 'schedules' | 'context' };
export interface Inspect extends Spanned {
  readonly kind: 'Inspect';
  readonly target: InspectTarget;
}
export interface Export extends Spanned {
  readonly kind: 'Export';
  readonly relation: Relation;
  readonly format: 'json' | 'csv' | 'sql' | 'mongo' | 'ndjson';
  readonly dialect?: SqlDialectName;
}
export type SqlDialectName = 'sql' | 'mysql' | 'sqlite';
export type TranslationTarget = SqlDialectName | 'mongo' | 'curl' | 'rest';
export interface Translate extends Spanned {
  readonly kind: 'Translate';
  readonly plan: Plan;
  readonly target: TranslationTarget;
}
/** A statement of a capability; arguments were checked against its declaration. */
export interface Invoke extends Spanned {
  readonly kind: 'Invoke';
  readonly service: string;
  readonly verb: string;
  readonly target?: string;
  readonly key?: string | Param;
  readonly arguments: readonly { readonly name: string; readonly value: Expression }[];
}
export interface Explain extends Spanned {
  readonly kind: 'Explain';
  readonly mode: 'plan' | 'analyze' | 'access';
  readonly plan: Plan;
}

/** One statement as a typed plan. */
export type Plan =
  | Query
  | Put
  | Delete
  | Increment
  | Batch
  | ForEach
  | DefineView
  | DefineSchema
  | DefineIndex
  | Undefine
  | Validate
  | Grant
  | Revoke
  | SetPolicy
  | Call
  | Trigger
  | Schedule
  | Drop
  | Inspect
  | Export
  | Translate
  | Invoke
  | Explain;
