import type { Json, JsonObject } from '@drops/ir';
export type ColumnType = 'text' | 'number' | 'boolean' | 'json';
/** A field of the (left) table, the key of it, or a field of the joined one. */
export interface Column {
    readonly name: string;
    readonly type: ColumnType;
    /** Steps within a JSON field. */
    readonly within?: readonly string[];
}
export type Condition = {
    readonly kind: 'compare';
    readonly column: Column;
    readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=';
    readonly value: string | number | boolean;
} | {
    readonly kind: 'in';
    readonly column: Column;
    readonly values: readonly (string | number)[];
    readonly negated: boolean;
} | {
    readonly kind: 'like';
    readonly column: Column;
    readonly match: 'prefix' | 'suffix' | 'contains';
    readonly text: string;
} | {
    readonly kind: 'exists';
    readonly column: Column;
    readonly negated: boolean;
} | {
    readonly kind: 'in query';
    readonly column: Column;
    readonly query: SubQuery;
    readonly negated: boolean;
} | {
    readonly kind: 'and' | 'or';
    readonly terms: readonly Condition[];
} | {
    readonly kind: 'not';
    readonly term: Condition;
};
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
    readonly sort: readonly {
        readonly column: Column;
        readonly descending: boolean;
    }[];
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
export declare function answerColumns({ group, pick, }: Question): readonly {
    readonly name: string;
    readonly type: ColumnType;
}[];
//# sourceMappingURL=model.d.ts.map