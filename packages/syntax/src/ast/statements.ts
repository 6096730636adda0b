import type { FieldName } from './operands.js';
import type { Predicate, Query } from './queries.js';
import type {
  KeyName,
  Name,
  Node,
  NumberArgument,
  Parameter,
  RouteName,
  StringValue,
  TextArgument,
  Value,
} from './values.js';

/** `if version = 3`, `if absent`. */
export type WriteCondition =
  | ({ readonly kind: 'IfVersion'; readonly version: NumberArgument } & Node)
  | ({ readonly kind: 'IfAbsent' } & Node);

export interface WriteOptions {
  readonly keep?: NumberArgument;
  readonly price?: NumberArgument;
  /** `public`: the write does not protect its route. */
  readonly open?: boolean;
  readonly condition?: WriteCondition;
}

/** `save users @alice name: "Alice" keep 3600`. */
export interface Save extends Node {
  readonly kind: 'Save';
  readonly route: RouteName;
  readonly key?: KeyName;
  readonly payload: Value;
  readonly options: WriteOptions;
}
export interface Update extends Node {
  readonly kind: 'Update';
  readonly route: RouteName;
  readonly key: KeyName;
  readonly payload: Value;
  readonly options: WriteOptions;
}
export interface Remove extends Node {
  readonly kind: 'Remove';
  readonly route: RouteName;
  readonly key: KeyName;
  readonly condition?: WriteCondition;
}
/** `add 1 to pages @home views`; `subtract` has `negative`. */
export interface Add extends Node {
  readonly kind: 'Add';
  readonly negative: boolean;
  readonly amount: NumberArgument;
  readonly route: RouteName;
  readonly key: KeyName;
  readonly field: FieldName;
}
export type Write = Save | Update | Remove | Add;
export interface Bulk extends Node {
  readonly kind: 'Bulk';
  readonly writes: readonly Write[];
}

/** A field rule: `"text required"` or `{ type: "text", required: true }`, kept as written. */
export interface FieldRule extends Node {
  readonly kind: 'FieldRule';
  readonly name: string;
  readonly rule: Value;
}
export interface Define extends Node {
  readonly kind: 'Define';
  readonly route: RouteName;
  readonly version?: TextArgument;
  readonly fields: readonly FieldRule[];
}
/** `define users index email`. */
export interface DefineIndex extends Node {
  readonly kind: 'DefineIndex';
  readonly route: RouteName;
  readonly fields: readonly FieldName[];
}
/** `undefine users` (pattern or view), `undefine users index email`. */
export interface Undefine extends Node {
  readonly kind: 'Undefine';
  readonly route: RouteName;
  readonly fields?: readonly FieldName[];
}
export interface Validate extends Node {
  readonly kind: 'Validate';
  readonly route: RouteName;
  readonly payload: Value;
}
export interface Patterns extends Node {
  readonly kind: 'Patterns';
}

export type AccessMode = 'shared' | 'protected' | 'writeonly' | 'moderated';
/** A key, a handle or an id, with or without `@`. */
export interface Principal extends Node {
  readonly kind: 'Principal';
  readonly text: string | Parameter;
}
export interface Share extends Node {
  readonly kind: 'Share';
  readonly route: RouteName;
  readonly principals: readonly Principal[];
  readonly mode?: AccessMode;
  /** `can ("query", "entity")`. */
  readonly permissions?: Value;
}
export interface Unshare extends Node {
  readonly kind: 'Unshare';
  readonly route: RouteName;
  /** None: the whole list goes. */
  readonly principals: readonly Principal[];
}
/** `write public` alone. */
export interface WritePublic extends Node {
  readonly kind: 'WritePublic';
}

/** `run fn/hello name: "Ocean" async max_retries 3`. */
export interface Run extends Node {
  readonly kind: 'Run';
  readonly route: RouteName;
  readonly body?: Value;
  readonly async: boolean;
  readonly maxRetries?: NumberArgument;
}
export interface StatusOfJob extends Node {
  readonly kind: 'StatusOfJob';
  readonly id: StringValue;
}
export interface StatusOfRoute extends Node {
  readonly kind: 'StatusOfRoute';
  readonly route: RouteName;
}
/** `when orders changes call "https://…" secret "…"`. */
export interface When extends Node {
  readonly kind: 'When';
  readonly route: RouteName;
  readonly url: TextArgument;
  readonly secret?: TextArgument;
}
export interface Webhooks extends Node {
  readonly kind: 'Webhooks';
}
export interface WebhookDelete extends Node {
  readonly kind: 'WebhookDelete';
  readonly id: TextArgument;
}

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
/** `every day at 9am`, `every 5 minutes`, `every monday at 14:30`, `every "0 9 * * 1"`. */
export type Recurrence =
  | ({ readonly kind: 'CronText'; readonly text: string } & Node)
  | ({
      readonly kind: 'Interval';
      readonly count: number;
      readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'month';
      readonly at?: TimeOfDay;
    } & Node)
  | ({ readonly kind: 'OnWeekday'; readonly weekday: Weekday; readonly at?: TimeOfDay } & Node);
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}
export interface Every extends Node {
  readonly kind: 'Every';
  readonly recurrence: Recurrence;
  readonly name: Name;
  readonly run: Run;
}
export interface Schedules extends Node {
  readonly kind: 'Schedules';
}
export interface ScheduleDelete extends Node {
  readonly kind: 'ScheduleDelete';
  readonly name: TextArgument;
}

/** `export users latest where age > 3 as sql dialect mysql`. */
export interface Export extends Node {
  readonly kind: 'Export';
  readonly route: RouteName;
  readonly latest: boolean;
  readonly where?: Predicate;
  readonly format?: Name;
  readonly dialect?: Name;
}
/** `translate "find users" to sql`: the inner text is parsed in place, its spans point into the outer text. */
export interface Translate extends Node {
  readonly kind: 'Translate';
  readonly statement: Statement;
  readonly target: Name;
}
export interface Sql extends Node {
  readonly kind: 'Sql';
  readonly text: StringValue;
  /** Where each character of the text stands; absent where they follow the opening quote one by one. */
  readonly offsets?: readonly number[];
}
export interface Context extends Node {
  readonly kind: 'Context';
}
/** `explain find …`, `explain analyze find …`, `explain access find …`. */
export interface Explain extends Node {
  readonly kind: 'Explain';
  readonly mode: 'plan' | 'analyze' | 'access';
  readonly statement: Statement;
}

export type ServiceName = 'mail' | 'push' | 'value' | 'calendar' | 'subkey' | 'key';
/** `subject "Hello"`, `max_supply 1000`. */
export interface ServiceArgument extends Node {
  readonly kind: 'ServiceArgument';
  readonly name: string;
  readonly value: Value;
}
/**
 * A statement of a service. All share one shape, so the grammar stays small: which arguments a
 * `service.verb` takes is declared by its capability. Positional operands have their declared names here too:
 * `value mint "gold" 500` has `currency` and `amount`.
 */
export interface Service extends Node {
  readonly kind: 'Service';
  readonly service: ServiceName;
  readonly verb: string;
  readonly route?: RouteName;
  readonly key?: KeyName;
  readonly arguments: readonly ServiceArgument[];
}

export type Statement =
  | Query
  | Write
  | Bulk
  | Define
  | DefineIndex
  | Undefine
  | Validate
  | Patterns
  | Share
  | Unshare
  | WritePublic
  | Run
  | StatusOfJob
  | StatusOfRoute
  | When
  | Webhooks
  | WebhookDelete
  | Every
  | Schedules
  | ScheduleDelete
  | Export
  | Translate
  | Sql
  | Context
  | Explain
  | Service;

/** `-- why`, `// why`. */
export interface Comment extends Node {
  readonly kind: 'Comment';
  /** The whole comment with its marker, without the line break. */
  readonly text: string;
}

export interface Script extends Node {
  readonly kind: 'Script';
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
}
