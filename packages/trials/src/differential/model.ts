import type { Json, JsonObject } from '@drops/ir';

/*
 * A question of the differential trial, as data of its own: each front end writes it in its syntax, a plain evaluator
 * answers it. It knows nothing of the plans that are compared.
 */

export type ColumnType = 'text' | 'number' | 'boolean' | 'json';

/** A field of the (left) table, the key of it, or a field of the joined one. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Steps within a JSON field. */
  readonly within?: readonly string[];
}

export type Condition =
  | {
      readonly kind: 'compare';
      readonly column: Column;
      readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=';
      readonly value: string | number | boolean;
    }
  | {
      readonly kind: 'in';
      readonly column: Column;
      readonly values: readonly (string | number)[];
      readonly negated: boolean;
    }
  | {
      readonly kind: 'like';
      readonly column: Column;
      readonly match: 'prefix' | 'suffix' | 'contains';
      readonly text: string;
    }
  | { readonly kind: 'exists'; readonly column: Column; readonly negated: boolean }
  | {
      readonly kind: 'compare computed';
      readonly of: Computed;
      readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=';
      readonly value: number;
    }
  | {
      readonly kind: 'in query';
      readonly column: Column;
      readonly query: SubQuery;
      readonly negated: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Condition[] }
  | { readonly kind: 'not'; readonly term: Condition };

/** A number that is made of columns. */
export type Computed =
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*' | '/';
      readonly column: Column;
      readonly by: Column | number;
    }
  | {
      readonly kind: 'call';
      readonly name: 'abs' | 'floor' | 'ceil' | 'round' | 'len';
      readonly column: Column;
    }
  | { readonly kind: 'coalesce'; readonly column: Column; readonly other: number };

/** The values of one column in the rows of a table that meet a condition. */
export interface SubQuery {
  readonly route: 'orders' | 'users';
  readonly pick: Column;
  readonly where: Condition;
}

export interface AggregateCall {
  readonly fn: 'count' | 'sum' | 'avg' | 'min' | 'max';
  readonly column?: Column;
  readonly as: string;
}

export interface Question {
  readonly route: 'orders' | 'users';
  readonly join?: 'left' | 'inner';
  readonly where?: Condition;
  /** null: no group. */
  readonly group: {
    readonly by: readonly Column[];
    readonly aggregates: readonly AggregateCall[];
    readonly having?: Condition;
  } | null;
  readonly pick: readonly Column[];
  readonly sort: readonly { readonly column: Column; readonly descending: boolean }[];
  readonly limit?: number;
  readonly offset?: number;
}

export interface Entity {
  readonly key: string;
  readonly payload: JsonObject;
}
export type Tables = Readonly<Record<'orders' | 'users', readonly Entity[]>>;

/** A row of an answer: its columns by name. */
export type AnswerRow = Readonly<Record<string, Json>>;

/** The columns of an answer, in order. */
export function answerColumns({
  group,
  pick,
}: Question): readonly { readonly name: string; readonly type: ColumnType }[] {
  if (!group) return pick.map(({ name, type }) => ({ name, type }));
  const made = group.aggregates.map(({ as, fn, column }) => ({
    name: as,
    type: (fn === 'min' || fn === 'max') && column ? column.type : ('number' as const),
  }));
  return [...group.by.map(({ name, type }) => ({ name, type })), ...made];
}
