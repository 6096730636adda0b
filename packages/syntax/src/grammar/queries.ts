import type { Span } from '@drops/diagnostics';
import type {
  Aggregate,
  AsOf,
  Clauses,
  Count,
  Facet,
  FacetName,
  FieldName,
  Find,
  FoundClauses,
  Get,
  JoinClause,
  List,
  NumberArgument,
  Pipe,
  Predicate,
  Primitives,
  RouteName,
  Search,
  SortKey,
  TextArgument,
  Value,
} from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { repeatHints } from './clauses.js';
import { PipesParser } from './pipes.js';
import { maximalTop } from '../limits.js';

type GetOptions = Pick<Get, 'history' | 'historyLimit' | 'asOf'>;
type SearchOption =
  | {
      readonly part: 'top' | 'candidates' | 'minScore';
      readonly value: NumberArgument;
      readonly name: string;
    }
  | { readonly part: 'vector'; readonly value: Value; readonly name: string }
  | { readonly part: 'fusion'; readonly value: TextArgument; readonly name: string }
  | { readonly part: 'highlight'; readonly value: true; readonly name: string }
  | { readonly part: 'where'; readonly value: Predicate; readonly name: string }
  | { readonly part: 'asOf'; readonly value: AsOf; readonly name: string };
/** A clause that works on what was found. */
type FoundClause =
  | { readonly part: 'join'; readonly value: JoinClause; readonly name: string }
  | { readonly part: 'group'; readonly value: readonly FieldName[]; readonly name: string }
  | { readonly part: 'having'; readonly value: Predicate; readonly name: string }
  | { readonly part: 'sort'; readonly value: readonly SortKey[]; readonly name: string }
  | { readonly part: 'aggregate'; readonly value: Aggregate };

/** What a search consists of, as it is read. */
interface SearchParts {
  readonly options: Map<string, SearchOption>;
  readonly clauses: Map<string, Exclude<FoundClause, { part: 'aggregate' }>>;
  readonly aggregates: Aggregate[];
  readonly places: Map<string, Span>;
}

const facetNames: ReadonlyMap<string, FacetName> = new Map([
  ['dates', 'dates'],
  ['locations', 'locations'],
  ['identifiers', 'identifiers'],
  ['amounts', 'amounts'],
]);

/** Statements that read drops. */
export abstract class QueriesParser extends PipesParser {
  readonly get = this.RULE('get', (): Get => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.get) },
      { ALT: () => this.CONSUME(T.word.read) },
    ]);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const options = this.SUBRULE(this.getOptions);
    return { kind: 'Get', route, key, ...options, span: this.spanFrom(first) };
  });

  private readonly getOptions = this.RULE('getOptions', (): GetOptions => {
    let history: true | undefined;
    let historyLimit: NumberArgument | undefined;
    let asOf: AsOf | undefined;
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(T.word.history);
            if (history) this.reportRepeat('history', this.spanFrom(token), this.spanFrom(token));
            history = true;
            this.OPTION(() => (historyLimit = this.SUBRULE(this.limit)));
          },
        },
        { ALT: () => (asOf = this.SUBRULE(this.asOf)) },
      ]),
    );
    return { ...(history && { history }), ...(historyLimit && { historyLimit }), ...(asOf && { asOf }) };
  });

  readonly find = this.RULE('find', (): Find => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.find) },
      { ALT: () => this.CONSUME(T.word.query) },
    ]);
    const route = this.SUBRULE(this.route);
    const clauses = this.SUBRULE(this.clauses);
    const pipes = this.SUBRULE(this.pipes);
    return { kind: 'Find', route, clauses, pipes, span: this.spanFrom(first) };
  });

  override readonly subquery = this.find;

  /** `users @alice` gets, anything else that begins with a route finds. */
  readonly bare = this.RULE('bare', (): Get | Find => {
    const first = this.LA(1);
    const route = this.SUBRULE(this.route);
    return this.OR<Get | Find>([
      {
        ALT: () => {
          const key = this.SUBRULE(this.key);
          const options = this.SUBRULE(this.getOptions);
          return { kind: 'Get', route, key, ...options, span: this.spanFrom(first) };
        },
      },
      {
        ALT: () => {
          const clauses = this.SUBRULE(this.clauses);
          const pipes = this.SUBRULE(this.pipes);
          return { kind: 'Find', route, clauses, pipes, span: this.spanFrom(first) };
        },
      },
    ]);
  });

  readonly list = this.RULE('list', (): List => {
    const first = this.CONSUME(T.word.list);
    const route = this.SUBRULE(this.route);
    const clauses = this.SUBRULE(this.clauses);
    const pipes = this.SUBRULE(this.pipes);
    return { kind: 'List', route, clauses, pipes, span: this.spanFrom(first) };
  });

  readonly count = this.RULE('count', (): Count => {
    const first = this.CONSUME(T.word.count);
    const route = this.SUBRULE(this.route);
    const clauses = this.SUBRULE(this.clauses);
    return { kind: 'Count', route, clauses, span: this.spanFrom(first) };
  });

  readonly search = this.RULE('search', (): Search => {
    const first = this.CONSUME(T.word.search);
    const route = this.SUBRULE(this.route);
    const text = this.OPTION((): TextArgument => this.SUBRULE(this.text));
    const parts: SearchParts = { options: new Map(), clauses: new Map(), aggregates: [], places: new Map() };
    this.MANY(() => {
      const start = this.LA(1);
      const option = this.OR(this.searchOptions);
      if (!this.RECORDING_PHASE) this.addSearchPart(parts, option, spanOf(start));
    });
    const clauses = clausesOf(parts);
    this.checkHaving(clauses);
    const pipes = this.SUBRULE(this.pipes);
    return searchNode(route, text, parts, clauses, pipes, this.spanFrom(first));
  });

  private readonly searchOptions = [
    { ALT: (): SearchOption => this.SUBRULE(this.top) },
    { ALT: (): SearchOption => this.SUBRULE(this.tuning) },
    {
      ALT: (): SearchOption => {
        this.CONSUME(T.word.vector);
        return { part: 'vector', name: 'vector', value: this.SUBRULE(this.value) };
      },
    },
    {
      ALT: (): SearchOption => {
        this.CONSUME(T.word.fusion);
        return { part: 'fusion', name: 'fusion', value: this.SUBRULE2(this.text) };
      },
    },
    {
      ALT: (): SearchOption => {
        this.CONSUME(T.word.highlight);
        return { part: 'highlight', name: 'highlight', value: true };
      },
    },
    { ALT: (): SearchOption => ({ part: 'where', name: 'where', value: this.SUBRULE(this.where) }) },
    { ALT: (): SearchOption => ({ part: 'asOf', name: 'as of', value: this.SUBRULE(this.asOf) }) },
    { ALT: (): FoundClause => ({ part: 'join', name: 'join', value: this.SUBRULE(this.join) }) },
    { ALT: (): FoundClause => ({ part: 'group', name: 'group', value: this.SUBRULE(this.group) }) },
    { ALT: (): FoundClause => ({ part: 'having', name: 'having', value: this.SUBRULE(this.having) }) },
    { ALT: (): FoundClause => ({ part: 'sort', name: 'sort', value: this.SUBRULE(this.sort) }) },
    { ALT: (): FoundClause => ({ part: 'aggregate', value: this.SUBRULE(this.aggregate) }) },
  ];

  private readonly top = this.RULE('top', (): SearchOption => {
    const name = this.OR([
      { ALT: () => this.CONSUME(T.word.top) },
      { ALT: () => this.CONSUME(T.word.limit) },
    ]).image;
    const value = this.checkWhole(name, this.SUBRULE(this.number));
    if (value.kind === 'NumberValue' && value.value > maximalTop) {
      this.report('TOP_K_TOO_LARGE', `\`${name}\` is at most ${maximalTop} in a search, not ${value.value}`, {
        span: value.span,
        hint: `write \`${name} ${maximalTop}\``,
      });
    }
    return { part: 'top', name, value };
  });

  private readonly tuning = this.RULE('tuning', (): SearchOption => {
    return this.OR<SearchOption>([
      {
        ALT: () => {
          this.CONSUME(T.word.candidates);
          return {
            part: 'candidates',
            name: 'candidates',
            value: this.checkWhole('candidates', this.SUBRULE(this.number)),
          };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.word.min_score);
          return { part: 'minScore', name: 'min_score', value: this.SUBRULE2(this.number) };
        },
      },
    ]);
  });

  private addSearchPart(
    { options, clauses, aggregates, places }: SearchParts,
    part: SearchOption | FoundClause,
    span: Span,
  ): void {
    if (part.part === 'aggregate') {
      aggregates.push(part.value);
      return;
    }
    const before = places.get(part.part);
    const first = options.get(part.part);
    if (before && first && first.name !== part.name) {
      this.report('SYNTAX_ERROR', '`top` and `limit` are one option of a search, and both are given', {
        span,
        hint: 'keep one of them',
        details: [{ first: before }],
      });
    } else if (before) this.reportRepeat(part.name, span, before, repeatHints.get(part.part));
    else places.set(part.part, span);
    if (isFoundClause(part)) clauses.set(part.part, part);
    else options.set(part.part, part);
  }

  readonly primitives = this.RULE('primitives', (): Primitives => {
    const first = this.CONSUME(T.word.primitives);
    const facets: Facet[] = [];
    this.AT_LEAST_ONE({ DEF: () => facets.push(this.SUBRULE(this.facet)), ERR_MSG: 'a facet' });
    const clauses: Clauses = this.SUBRULE(this.clauses);
    const pipes = this.SUBRULE(this.pipes);
    return { kind: 'Primitives', facets, clauses, pipes, span: this.spanFrom(first) };
  });

  private readonly facet = this.RULE('facet', (): Facet => {
    const token = this.CONSUME(T.role.facet);
    const condition = this.OR<Value>({
      DEF: [
        { ALT: () => this.SUBRULE(this.object) },
        { ALT: () => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
        { ALT: () => this.parameterNode(this.CONSUME(T.Param)) },
      ],
      ERR_MSG: 'a condition in braces',
    });
    const name = facetNames.get(token.image) ?? 'dates';
    return { kind: 'Facet', name, condition, span: this.spanFrom(token) };
  });
}

const isFoundClause = (
  part: SearchOption | Exclude<FoundClause, { part: 'aggregate' }>,
): part is Exclude<FoundClause, { part: 'aggregate' }> =>
  part.part === 'join' || part.part === 'group' || part.part === 'having' || part.part === 'sort';

function clausesOf({ clauses, aggregates }: SearchParts): FoundClauses {
  const parts = Object.fromEntries([...clauses].map(([part, clause]) => [part, clause.value]));
  return { ...parts, ...(aggregates.length > 0 && { aggregates }) };
}

function searchNode(
  route: RouteName,
  text: TextArgument | undefined,
  { options }: SearchParts,
  clauses: FoundClauses,
  pipes: readonly Pipe[],
  span: Span,
): Search {
  const parts = Object.fromEntries([...options].map(([part, option]) => [part, option.value]));
  return { kind: 'Search', route, ...(text && { text }), ...parts, clauses, pipes, span };
}
