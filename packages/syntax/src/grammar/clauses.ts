import { cover, type Span } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import type {
  Aggregate,
  AggregateFunction,
  AsOf,
  Clauses,
  FieldName,
  JoinClause,
  Name,
  NumberArgument,
  Predicate,
  SortKey,
  TextArgument,
} from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { PredicatesParser } from './predicates.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One clause as it was read; `part` says where it belongs. */
type Clause =
  | { readonly part: 'latest' | 'history'; readonly value: true }
  | { readonly part: 'asOf'; readonly value: AsOf }
  | { readonly part: 'join'; readonly value: JoinClause }
  | { readonly part: 'where' | 'having'; readonly value: Predicate }
  | { readonly part: 'group'; readonly value: readonly FieldName[] }
  | { readonly part: 'sort'; readonly value: readonly SortKey[] }
  | { readonly part: 'limit' | 'skip'; readonly value: NumberArgument }
  | { readonly part: 'after'; readonly value: TextArgument }
  | { readonly part: 'view'; readonly value: Name }
  | { readonly part: 'aggregate'; readonly value: Aggregate };

export const repeatHints: ReadonlyMap<string, string> = new Map([
  ['where', 'join the conditions with `and`'],
  ['sort', 'several sort fields are separated by commas: `sort a, b desc`'],
  ['group', 'several group fields are separated by commas: `group a, b`'],
  ['join', 'a query has one join; save the first as a view and join that'],
]);

const functions: ReadonlyMap<string, AggregateFunction> = new Map([
  ['count', 'count'],
  ['sum', 'sum'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
  ['first', 'first'],
  ['last', 'last'],
  ['distinct', 'distinct'],
]);

/** The clauses of a query: a set, in any order, each once. */
export abstract class ClausesParser extends PredicatesParser {
  readonly clauses = this.RULE('clauses', (): Clauses => {
    const clauses: Mutable<Clauses> = {};
    const places = new Map<string, Span>();
    const aggregates: Aggregate[] = [];
    this.MANY(() => {
      const first = this.LA(1);
      const clause = this.OR(this.clauseAlternatives);
      if (this.RECORDING_PHASE) return;
      if (clause.part === 'aggregate') aggregates.push(clause.value);
      else this.addClause(clauses, clause, places, first);
    });
    if (aggregates.length > 0) clauses.aggregates = aggregates;
    this.checkHaving(clauses);
    return clauses;
  });

  private readonly clauseAlternatives = [
    { ALT: (): Clause => this.flagClause('latest', this.CONSUME(T.word.latest)) },
    { ALT: (): Clause => this.flagClause('history', this.CONSUME(T.word.history)) },
    { ALT: (): Clause => this.SUBRULE(this.asClause) },
    { ALT: (): Clause => ({ part: 'join', value: this.SUBRULE(this.join) }) },
    { ALT: (): Clause => ({ part: 'where', value: this.SUBRULE(this.where) }) },
    { ALT: (): Clause => ({ part: 'group', value: this.SUBRULE(this.group) }) },
    { ALT: (): Clause => ({ part: 'having', value: this.SUBRULE(this.having) }) },
    { ALT: (): Clause => ({ part: 'sort', value: this.SUBRULE(this.sort) }) },
    { ALT: (): Clause => ({ part: 'limit', value: this.SUBRULE(this.limit) }) },
    { ALT: (): Clause => ({ part: 'skip', value: this.SUBRULE(this.skip) }) },
    { ALT: (): Clause => ({ part: 'after', value: this.SUBRULE(this.after) }) },
    { ALT: (): Clause => ({ part: 'aggregate', value: this.SUBRULE(this.aggregate) }) },
  ];

  private flagClause(part: 'latest' | 'history', _token: IToken): Clause {
    return { part, value: true };
  }

  private addClause(
    clauses: Mutable<Clauses>,
    clause: Exclude<Clause, { part: 'aggregate' }>,
    places: Map<string, Span>,
    first: IToken,
  ): void {
    const span = spanOf(first);
    const before = places.get(clause.part);
    const shown = clause.part === 'asOf' ? 'as of' : clause.part === 'view' ? 'as' : clause.part;
    if (before) this.reportRepeat(shown, span, before, repeatHints.get(clause.part));
    else places.set(clause.part, span);
    Object.assign(clauses, { [clause.part]: clause.value });
  }

  protected checkHaving(clauses: Pick<Clauses, 'having' | 'group' | 'aggregates'>): void {
    if (!clauses.having || clauses.group || clauses.aggregates || this.RECORDING_PHASE) return;
    this.report('SYNTAX_ERROR', '`having` filters groups, and this query has none', {
      span: clauses.having.span,
      hint: 'write `where` to filter drops',
    });
  }

  /** `as of "2026-01-01"` travels in time; any other `as` names a view. */
  private readonly asClause = this.RULE('asClause', (): Clause => {
    return this.OR<Clause>([
      { GATE: () => this.isAsOf(1), ALT: () => ({ part: 'asOf', value: this.SUBRULE(this.asOf) }) },
      {
        ALT: () => {
          this.CONSUME(T.word.as);
          return {
            part: 'view',
            value: this.nameNode(this.CONSUME(T.Name, { ERR_MSG: 'a name for the view' })),
          };
        },
      },
    ]);
  });

  protected isAsOf(ahead: number): boolean {
    if (!this.is(T.word.as, ahead) || !this.is(T.word.of, ahead + 1)) return false;
    if (this.is(T.word.tx, ahead + 2))
      return this.is(T.NumberLiteral, ahead + 3) || this.is(T.Param, ahead + 3);
    return this.is(T.AnyText, ahead + 2);
  }

  readonly asOf = this.RULE('asOf', (): AsOf => {
    const first = this.CONSUME(T.word.as);
    this.CONSUME(T.word.of);
    const at = this.OR<AsOf['at']>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.word.tx);
            return { kind: 'Transaction', tx: this.checkWhole('tx', this.SUBRULE(this.number)) };
          },
        },
        { ALT: () => this.SUBRULE(this.text) },
      ],
      ERR_MSG: 'a date in quotes, or `tx` and a number',
    });
    return { kind: 'AsOf', at, span: this.spanFrom(first) };
  });

  protected readonly join = this.RULE('join', (): JoinClause => {
    const first = this.LA(1);
    let inner = false;
    this.OPTION(() => {
      inner = this.OR([
        {
          ALT: () => {
            this.CONSUME(T.word.inner);
            return true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.word.left);
            return false;
          },
        },
      ]);
    });
    this.CONSUME(T.word.join);
    const route = this.SUBRULE(this.route);
    this.CONSUME(T.word.on);
    const left = this.SUBRULE(this.field);
    this.CONSUME(T.Equal);
    const right = this.SUBRULE2(this.field);
    return {
      kind: 'JoinClause',
      join: inner ? 'inner' : 'left',
      route,
      left,
      right,
      span: this.spanFrom(first),
    };
  });

  readonly where = this.RULE('where', (): Predicate => {
    this.CONSUME(T.word.where);
    return this.SUBRULE(this.predicate);
  });

  protected readonly having = this.RULE('having', (): Predicate => {
    this.CONSUME(T.word.having);
    return this.SUBRULE(this.predicate);
  });

  protected readonly group = this.RULE('group', (): FieldName[] => {
    this.CONSUME(T.word.group);
    return this.SUBRULE(this.fields);
  });

  readonly fields = this.RULE('fields', (): FieldName[] => {
    const fields: FieldName[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => fields.push(this.SUBRULE(this.field)),
      ERR_MSG: 'a field',
    });
    return fields;
  });

  readonly sort = this.RULE('sort', (): SortKey[] => {
    const keys: SortKey[] = [];
    this.CONSUME(T.word.sort);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => keys.push(this.SUBRULE(this.sortKey)),
      ERR_MSG: 'a field',
    });
    return keys;
  });

  private readonly sortKey = this.RULE('sortKey', (): SortKey => {
    const field = this.SUBRULE(this.field);
    const direction = this.OPTION(() => this.CONSUME(T.role.direction));
    if (this.RECORDING_PHASE) return { kind: 'SortKey', field, descending: false, span: field.span };
    const span = direction ? cover(field.span, this.spanFrom(direction)) : field.span;
    return { kind: 'SortKey', field, descending: direction?.image === 'desc', span };
  });

  readonly limit = this.RULE('limit', (): NumberArgument => {
    this.CONSUME(T.word.limit);
    return this.checkWhole('limit', this.SUBRULE(this.number));
  });

  readonly skip = this.RULE('skip', (): NumberArgument => {
    const name = this.OR([
      { ALT: () => this.CONSUME(T.word.skip) },
      { ALT: () => this.CONSUME(T.word.offset) },
    ]);
    return this.checkWhole(name.image, this.SUBRULE(this.number));
  });

  private readonly after = this.RULE('after', (): TextArgument => {
    this.CONSUME(T.word.after);
    return this.SUBRULE(this.text);
  });

  /** `sum amount as total`, or `total: sum amount`. `as` right behind an aggregate names its column. */
  readonly aggregate = this.RULE('aggregate', (): Aggregate => {
    const first = this.LA(1);
    const label = this.OPTION(() => {
      const name = this.CONSUME(T.MemberName);
      this.CONSUME(T.Colon);
      return name;
    });
    let field: FieldName | undefined;
    const token = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(T.word.count) },
        {
          ALT: () => {
            const name = this.CONSUME(T.role.aggregate);
            field = this.SUBRULE(this.field);
            return name;
          },
        },
      ],
      // `count` stands first: it alone takes no field.
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'an aggregate',
    });
    const alias = this.OPTION2({
      GATE: () => !this.isAsOf(1),
      DEF: () => {
        this.CONSUME(T.word.as);
        return this.nameNode(this.CONSUME(T.Name, { ERR_MSG: 'a name for the column' }));
      },
    });
    return this.aggregateNode(token, field, alias, label, first);
  });

  private aggregateNode(
    token: IToken,
    field: FieldName | undefined,
    alias: Name | undefined,
    label: IToken | undefined,
    first: IToken,
  ): Aggregate {
    const name = functions.get(token.image) ?? 'count';
    const span = this.spanFrom(first);
    const column =
      alias ?? (label && !this.RECORDING_PHASE && { ...this.nameNode(label), text: this.memberName(label) });
    return {
      kind: 'Aggregate',
      function: name,
      ...(field && { field }),
      ...(column && { alias: column }),
      span,
    };
  }
}
