import type { ComparisonOperator, FieldName, Operand, TextMatchOperator } from './operands.js';
import type { KeyName, Name, Node, NumberArgument, RouteName, TextArgument, Value } from './values.js';

export interface ComparisonPredicate extends Node {
  readonly kind: 'ComparisonPredicate';
  readonly operator: ComparisonOperator;
  readonly left: Operand;
  readonly right: Operand;
}
/** `age between 18 and 30`, both ends included. */
export interface BetweenPredicate extends Node {
  readonly kind: 'BetweenPredicate';
  readonly operand: Operand;
  readonly low: Operand;
  readonly high: Operand;
}
export interface InPredicate extends Node {
  readonly kind: 'InPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
  /** The list, or a parameter holding one, or `(find …)`. */
  readonly list: Value | Find;
}
export interface TextMatchPredicate extends Node {
  readonly kind: 'TextMatchPredicate';
  readonly operator: TextMatchOperator;
  readonly left: Operand;
  readonly right: Operand;
}
/** `email exists`, `email not exists`. */
export interface ExistsPredicate extends Node {
  readonly kind: 'ExistsPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
}
/** `x is null`, `x is not null`. */
export interface IsNullPredicate extends Node {
  readonly kind: 'IsNullPredicate';
  readonly operand: Operand;
  readonly negated: boolean;
}
export interface AndPredicate extends Node {
  readonly kind: 'AndPredicate';
  readonly terms: readonly Predicate[];
}
export interface OrPredicate extends Node {
  readonly kind: 'OrPredicate';
  readonly terms: readonly Predicate[];
}
export interface NotPredicate extends Node {
  readonly kind: 'NotPredicate';
  readonly term: Predicate;
}

/** What is true or false. Parentheses leave no node; the printer puts them back where precedence asks. */
export type Predicate =
  | ComparisonPredicate
  | BetweenPredicate
  | InPredicate
  | TextMatchPredicate
  | ExistsPredicate
  | IsNullPredicate
  | AndPredicate
  | OrPredicate
  | NotPredicate;

export type AggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'first' | 'last' | 'distinct';

/** `sum amount as total`; `count` has no field. */
export interface Aggregate extends Node {
  readonly kind: 'Aggregate';
  readonly function: AggregateFunction;
  readonly field?: FieldName;
  readonly alias?: Name;
}

export interface SortKey extends Node {
  readonly kind: 'SortKey';
  readonly field: FieldName;
  readonly descending: boolean;
}

/** `join users on user_id = key`; the left side of `on` is a field of the left row. */
export interface JoinClause extends Node {
  readonly kind: 'JoinClause';
  readonly join: 'left' | 'inner';
  readonly route: RouteName;
  readonly left: FieldName;
  readonly right: FieldName;
}

/** `as of "2026-01-01"`, `as of tx 42`. */
export interface AsOf extends Node {
  readonly kind: 'AsOf';
  readonly at: TextArgument | { readonly kind: 'Transaction'; readonly tx: NumberArgument };
}

/** The clauses of a query: a set, so the order of writing leaves no trace. */
export interface Clauses {
  readonly latest?: boolean;
  readonly history?: boolean;
  readonly asOf?: AsOf;
  readonly join?: JoinClause;
  readonly where?: Predicate;
  /** `group a, b`; without it, aggregates run over everything. */
  readonly group?: readonly FieldName[];
  readonly aggregates?: readonly Aggregate[];
  readonly having?: Predicate;
  readonly sort?: readonly SortKey[];
  readonly limit?: NumberArgument;
  readonly skip?: NumberArgument;
  readonly after?: TextArgument;
  /** `as active_users`: saves the query as a view. */
  readonly view?: Name;
}

/** `pick *`, `pick name`, `pick gross: price * 1.25`, `pick name as n`. */
export interface PickItem extends Node {
  readonly kind: 'PickItem';
  /** `*` for everything. */
  readonly value: Operand | '*';
  readonly alias?: string;
}

export interface PickPipe extends Node {
  readonly kind: 'PickPipe';
  readonly items: readonly PickItem[];
}
export interface FirstPipe extends Node {
  readonly kind: 'FirstPipe';
  readonly count?: NumberArgument;
}
export interface CountPipe extends Node {
  readonly kind: 'CountPipe';
}
export interface SortPipe extends Node {
  readonly kind: 'SortPipe';
  readonly keys: readonly SortKey[];
}
export interface LimitPipe extends Node {
  readonly kind: 'LimitPipe';
  readonly count: NumberArgument;
}
export interface SkipPipe extends Node {
  readonly kind: 'SkipPipe';
  readonly count: NumberArgument;
}
export interface WherePipe extends Node {
  readonly kind: 'WherePipe';
  readonly predicate: Predicate;
}
export interface RemovePipe extends Node {
  readonly kind: 'RemovePipe';
}
export interface SavePipe extends Node {
  readonly kind: 'SavePipe';
  readonly route: RouteName;
  readonly key?: KeyName;
}
/** `send email to email subject "Hi"`: each operand is a text or a field of the row. */
export interface SendEmailPipe extends Node {
  readonly kind: 'SendEmailPipe';
  readonly to?: Value | FieldName;
  readonly subject?: Value | FieldName;
  readonly body?: Value | FieldName;
}
export type Pipe =
  | PickPipe
  | FirstPipe
  | CountPipe
  | SortPipe
  | LimitPipe
  | SkipPipe
  | WherePipe
  | RemovePipe
  | SavePipe
  | SendEmailPipe;

/** `users @alice`, `get users @alice history limit 5`. */
export interface Get extends Node {
  readonly kind: 'Get';
  readonly route: RouteName;
  readonly key: KeyName;
  readonly history?: boolean;
  readonly historyLimit?: NumberArgument;
  readonly asOf?: AsOf;
}
export interface Find extends Node {
  readonly kind: 'Find';
  readonly route: RouteName;
  readonly clauses: Clauses;
  readonly pipes: readonly Pipe[];
}
export interface List extends Node {
  readonly kind: 'List';
  readonly route: RouteName;
  readonly clauses: Clauses;
  readonly pipes: readonly Pipe[];
}
export interface Count extends Node {
  readonly kind: 'Count';
  readonly route: RouteName;
  readonly clauses: Clauses;
}
/** Clauses that work on what a search has found. */
export type FoundClauses = Pick<Clauses, 'join' | 'group' | 'aggregates' | 'having' | 'sort'>;
export interface Search extends Node {
  readonly kind: 'Search';
  readonly route: RouteName;
  readonly text?: TextArgument;
  readonly vector?: Value;
  readonly top?: NumberArgument;
  readonly fusion?: TextArgument;
  readonly candidates?: NumberArgument;
  readonly minScore?: NumberArgument;
  readonly highlight?: true;
  readonly where?: Predicate;
  readonly asOf?: AsOf;
  /** They see the best results, after `where` and `top`. */
  readonly clauses: FoundClauses;
  readonly pipes: readonly Pipe[];
}
export type FacetName = 'dates' | 'locations' | 'identifiers' | 'amounts';
export interface Facet extends Node {
  readonly kind: 'Facet';
  readonly name: FacetName;
  readonly condition: Value;
}
export interface Primitives extends Node {
  readonly kind: 'Primitives';
  readonly facets: readonly Facet[];
  readonly clauses: Clauses;
  readonly pipes: readonly Pipe[];
}
export type Query = Get | Find | List | Count | Search | Primitives;
