import { fail, type Span } from '@drops/diagnostics';
import { andOf, rowShape, type Expression, type Field, type Join, type Relation } from '@drops/ir';
import type { JoinExpr, Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { LowerContext } from '../context.js';
import { lowerSource } from '../query/sources.js';
import { lowerCondition, termsOf } from './conditions.js';
import { nameOf } from './operands.js';
import type { SqlPlaces } from './places.js';
import { columnOf, partsOf, type SqlScope, type SqlTable } from './scope.js';
import { withKnown, type ConditionContext, type LowerSubselect } from './sub-selects.js';
import { columnRefsIn } from './walk-tree.js';

/** What FROM gives, and the conditions of WHERE that were not used up for joining. */
export interface LoweredFrom {
  readonly scope: SqlScope;
  readonly where: readonly Node[];
}

export interface FromContext {
  readonly lower: LowerContext;
  readonly places: SqlPlaces;
  readonly subselect: LowerSubselect;
}

interface NamedRelation {
  readonly alias: string;
  readonly relation: Relation;
}

function readTable(table: RangeVar, { lower, places }: FromContext): NamedRelation {
  const span = places.of({ RangeVar: table });
  if (table.schemaname !== undefined) {
    fail('SQL_ERROR', `the table ${table.relname ?? ''} is a route, which is in no schema`, {
      span,
      hint: 'a route of several segments is written "app/users"',
    });
  }
  if (table.alias?.colnames) fail('SQL_ERROR', 'Drops does not rename the columns of a table', { span });
  const name = table.relname ?? '';
  const subtree = name.endsWith('/*');
  const path = subtree ? name.slice(0, -2) : name;
  const relation = lowerSource(
    { kind: 'RouteName', path, subtree, span },
    { rows: 'all', clauses: {} },
    lower,
  );
  return { alias: table.alias?.aliasname ?? name, relation };
}

function readItem(node: Node, context: FromContext): NamedRelation {
  const span = context.places.of(node);
  if ('RangeVar' in node) return readTable(node.RangeVar, context);
  if ('RangeSubselect' in node) {
    const { subquery, alias, lateral } = node.RangeSubselect;
    if (subquery && 'SelectStmt' in subquery && !lateral && !alias?.colnames) {
      return { alias: alias?.aliasname ?? '', relation: context.subselect(subquery.SelectStmt, span) };
    }
  }
  fail('SQL_ERROR', 'FROM takes routes, joins and sub-selects', { span });
}

/** One step of FROM after the first table. */
interface JoinStep {
  readonly join: 'left' | 'inner';
  readonly item: Node;
  readonly quals: readonly Node[];
  readonly using: readonly string[];
  readonly span: Span;
}

function stepsOf(node: Node, context: FromContext): readonly [Node, readonly JoinStep[]] {
  if (!('JoinExpr' in node)) return [node, []];
  const join: JoinExpr = node.JoinExpr;
  const { larg, rarg, jointype, quals, usingClause = [] } = join;
  const span = context.places.of(rarg ?? node);
  if (
    !larg ||
    !rarg ||
    join.isNatural ||
    join.alias ||
    (jointype !== 'JOIN_INNER' && jointype !== 'JOIN_LEFT')
  ) {
    fail('SQL_ERROR', 'Drops joins with JOIN and LEFT JOIN, each ON equal columns', { span });
  }
  if ('JoinExpr' in rarg) fail('SQL_ERROR', 'the right side of a join is one table', { span });
  const [first, steps] = stepsOf(larg, context);
  const step: JoinStep = {
    join: jointype === 'JOIN_LEFT' ? 'left' : 'inner',
    item: rarg,
    quals: quals ? termsOf(quals) : [],
    using: usingClause.map((name) => nameOf([name])),
    span,
  };
  return [first, [...steps, step]];
}

/** Columns that a SELECT names of each table, for the joins that follow the first one. */
function namedColumns(select: SelectStmt): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  for (const ref of columnRefsIn(select)) {
    const [table = '', column] = partsOf(ref);
    if (column !== undefined) named.set(table, (named.get(table) ?? new Set()).add(column));
  }
  return named;
}

/** Flat rows of the columns that are named later on, under `alias.column`: a row holds one joined record at a time. */
function keepColumns(scope: SqlScope, select: SelectStmt, span: Span): SqlScope {
  const named = namedColumns(select);
  const items = scope.tables.flatMap(({ alias }) =>
    [...(named.get(alias) ?? [])].map((column) => {
      if (column === '*') {
        fail('SQL_ERROR', `${alias}.* cannot be told apart among three tables`, {
          span,
          hint: 'name its columns',
        });
      }
      const ref = { fields: [alias, column].map((sval) => ({ String: { sval } })) };
      return { as: `${alias}.${column}`, expression: columnOf(ref, scope) };
    }),
  );
  return {
    ...scope,
    relation: { kind: 'Project', input: scope.relation, star: false, items, span },
    tables: scope.tables.map(({ alias }): SqlTable => ({ alias, reach: 'kept' })),
  };
}

type Side = 'left' | 'right' | 'both';

/** Which side of a join a condition reads. */
function sideOf(node: Node, rightAlias: string): Side | undefined {
  let side: Side | undefined;
  for (const ref of columnRefsIn(node)) {
    const [table, column] = partsOf(ref);
    const found: Side = column !== undefined && table === rightAlias ? 'right' : 'left';
    side = side === undefined || side === found ? found : 'both';
  }
  return side;
}

/** The two columns of `a.x = b.y`, the one of the right table second. */
function equalColumns(node: Node, rightAlias: string): readonly [Node, Node] | undefined {
  if (!('A_Expr' in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  if (kind !== 'AEXPR_OP' || nameOf(name) !== '=' || !lexpr || !rexpr) return undefined;
  if (!('ColumnRef' in lexpr) || !('ColumnRef' in rexpr)) return undefined;
  const left = sideOf(lexpr, rightAlias);
  const right = sideOf(rexpr, rightAlias);
  if (left === 'left' && right === 'right') return [lexpr, rexpr];
  return left === 'right' && right === 'left' ? [rexpr, lexpr] : undefined;
}

function fieldOf(node: Node, scope: SqlScope): Field {
  if ('ColumnRef' in node) return columnOf(node.ColumnRef, scope);
  return fail('SQL_ERROR', 'a column is expected', { span: scope.places.of(node) });
}

function refTo(parts: readonly string[]): Node {
  return { ColumnRef: { fields: parts.map((sval) => ({ String: { sval } })) } };
}

interface Joined {
  readonly scope: SqlScope;
  /** Conditions of an inner join that are no equalities: they hold after it. */
  readonly rest: readonly Node[];
}

function joinStep(left: SqlScope, step: JoinStep, context: FromContext): Joined {
  const { alias, relation } = readItem(step.item, context);
  const { span } = step;
  if (left.tables.some((table) => table.alias === alias)) {
    fail('SQL_ERROR', `two tables are called ${alias}`, { span, hint: `write ${alias} AS other` });
  }
  if (rowShape(relation) !== 'drop') {
    fail('SQL_ERROR', 'a join has a route on its right side', { span, hint: 'put the sub-select first' });
  }
  const rightScope: SqlScope = { ...left, relation, tables: [{ alias, reach: 'own' }] };
  const pairs: Join['on'][number][] = step.using.map((name) => ({
    left: fieldOf(refTo([name]), left),
    right: joinedField(refTo([alias, name]), alias, rightScope),
  }));
  const ofRight: Expression[] = [];
  const rest: Node[] = [];
  for (const node of step.quals) {
    const equal = equalColumns(node, alias);
    if (equal) pairs.push({ left: fieldOf(equal[0], left), right: joinedField(equal[1], alias, rightScope) });
    else if (step.join === 'inner') rest.push(node);
    else if (sideOf(node, alias) === 'right') {
      ofRight.push(lowerCondition(node, true, { scope: rightScope, subselect: context.subselect }));
    } else {
      fail('SQL_ERROR', 'LEFT JOIN takes equal columns, and conditions on the table it joins', {
        span: context.places.of(node),
      });
    }
  }
  if (pairs.length === 0) {
    fail('SQL_ERROR', `${alias} is joined by no equal columns`, { span, hint: `write ON a.x = ${alias}.y` });
  }
  const right: Relation =
    ofRight.length === 0
      ? relation
      : { kind: 'Filter', input: relation, predicate: andOf(ofRight, span), span };
  return {
    scope: {
      ...left,
      relation: { kind: 'Join', join: step.join, left: left.relation, right, on: pairs, span },
      tables: [...left.tables, { alias, reach: 'right' }],
    },
    rest,
  };
}

/** A column of the right side, as the condition of a join names it. */
function joinedField(node: Node, alias: string, scope: SqlScope): Field {
  return fieldOf(node, { ...scope, tables: [{ alias, reach: 'right' }] });
}

/** FROM and its joins; `FROM a, b` takes its equal columns from WHERE. */
export function lowerFrom(select: SelectStmt, context: FromContext): LoweredFrom {
  const { places } = context;
  const [first, ...others] = select.fromClause ?? [];
  if (!first) fail('SQL_ERROR', 'a SELECT reads FROM a route', { span: places.whole });
  const [start, steps] = stepsOf(first, context);
  const { alias, relation } = readItem(start, context);
  let scope: SqlScope = {
    relation,
    tables: [{ alias, reach: 'own' }],
    catalog: context.lower.catalog,
    places,
  };
  let where = select.whereClause ? termsOf(select.whereClause) : [];
  const take = (step: JoinStep): void => {
    if (scope.tables.length > 1) scope = keepColumns(scope, select, step.span);
    const joined = joinStep(scope, step, context);
    ({ scope } = joined);
    where = [...joined.rest, ...where];
  };
  steps.forEach(take);
  for (const item of others) {
    const span = places.of(item);
    if (!('RangeVar' in item)) fail('SQL_ERROR', 'behind a comma FROM takes a table', { span });
    const name = item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? '';
    const quals = where.filter((node) => equalColumns(node, name));
    where = where.filter((node) => !quals.includes(node));
    take({ join: 'inner', item, quals, using: [], span });
  }
  return { scope, where };
}

/** Conditions as one predicate over a scope. */
export function lowerTerms(terms: readonly Node[], context: ConditionContext, span: Span): Expression {
  return andOf(withKnown(terms.map((term) => lowerCondition(term, true, context))), span);
}
