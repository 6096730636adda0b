import { fail, warningOf, type Span } from '@drops/diagnostics';
import { rowShape, type Expression, type Plan, type Relation, type ResultShape } from '@drops/ir';
import type { Clauses, Count, Find, Get, List, Name, Pipe } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerSingleRoute } from '../routes.js';
import { lowerKey, lowerNumber } from '../values.js';
import { applyClauses, warnLoneAlias, type ClauseContext } from './clauses.js';
import { applyPipes, countRows } from './pipes.js';
import { lowerSource } from './sources.js';

/** The context in which predicates may hold queries. */
export function clauseContext(context: LowerContext): ClauseContext {
  return { ...context, subquery: (find) => lowerSubquery(find, context) };
}

/** The query of `in (find …)`: it reads, and nothing else. */
function lowerSubquery(find: Find, context: LowerContext): Relation {
  if (find.clauses.view) {
    fail('SYNTAX_ERROR', 'a query inside a query makes no view', { span: find.clauses.view.span });
  }
  const inner = clauseContext(context);
  const source = lowerSource(find.route, { rows: 'all', clauses: find.clauses }, context);
  const piped = applyPipes(applyClauses(source, find.clauses, find.span, inner), find.pipes, inner);
  if (piped.effect) {
    fail('SYNTAX_ERROR', 'a query inside a query cannot change anything', { span: piped.effect.span });
  }
  return piped.relation;
}

/** `find …` and its bare forms: a query, a view when it ends in `as name`, or a plan that acts on its rows. */
export function lowerFind(node: Find, context: LowerContext): Plan {
  const { clauses, pipes, span } = node;
  if (clauses.view) return lowerView(node, clauses.view, context);
  if (pipes.length === 0) warnLoneAlias(clauses, context);
  const source = lowerSource(node.route, { rows: 'all', clauses }, context);
  return finishQuery(source, clauses, pipes, 'rows', span, context);
}

/** `list R`: entities only; keys too when no pipe follows. */
export function lowerList(node: List, context: LowerContext): Plan {
  const { clauses, pipes, span } = node;
  if (clauses.view) failView(clauses.view);
  const source = lowerSource(node.route, { rows: 'entities', clauses }, context);
  return finishQuery(source, clauses, pipes, pipes.length === 0 ? 'keys' : 'rows', span, context);
}

/** `count R where …`: the same as `find R where … then count`. */
export function lowerCount(node: Count, context: LowerContext): Plan {
  const { clauses, span } = node;
  if (clauses.view) failView(clauses.view);
  const source = lowerSource(node.route, { rows: 'all', clauses }, context);
  const relation = countRows(applyClauses(source, clauses, span, clauseContext(context)), span);
  return { kind: 'Query', shape: 'count', relation, span };
}

function failView(name: Name): never {
  fail('SYNTAX_ERROR', 'only a find makes a view', { span: name.span, hint: `find … as ${name.text}` });
}

/** Clauses, pipes, and the shape of the reply that follows from them. */
export function finishQuery(
  source: Relation,
  clauses: Clauses,
  pipes: readonly Pipe[],
  shape: ResultShape,
  span: Span,
  context: LowerContext,
): Plan {
  const inner = clauseContext(context);
  const piped = applyPipes(applyClauses(source, clauses, span, inner), pipes, inner);
  if (piped.effect) return { kind: 'ForEach', input: piped.relation, effect: piped.effect, span };
  const shown = piped.counted ? 'count' : rowShape(piped.relation) === 'flat' ? 'rows' : shape;
  return { kind: 'Query', shape: shown, relation: piped.relation, span };
}

function lowerView(node: Find, name: Name, context: LowerContext): Plan {
  const { clauses, span } = node;
  if (name.text.includes('/')) {
    fail('INVALID_ROUTE', 'the name of a view is one word', { span: name.span });
  }
  if (node.pipes.length > 0) {
    const pipe = node.pipes[0];
    fail('SYNTAX_ERROR', 'a view is made of clauses; a pipe cannot follow it', {
      span: pipe?.span ?? span,
      hint: `define the view first, then: find ${name.text} then …`,
    });
  }
  if (context.catalog.knownRoute?.(name.text)) {
    context.warn(
      warningOf(
        'LIKELY_MISTAKE',
        `the route '${name.text}' holds drops; from now on the view is read in its place`,
        {
          span: name.span,
        },
      ),
    );
  }
  const source = lowerSource(node.route, { rows: 'all', clauses, definition: name.text }, context);
  return {
    kind: 'DefineView',
    name: name.text,
    relation: applyClauses(source, clauses, span, clauseContext(context)),
    span,
  };
}

/** `get R @k`: one drop; with `history` its versions. */
export function lowerGet(node: Get, context: LowerContext): Plan {
  const { span } = node;
  lowerSingleRoute(node.route, 'get');
  const { history, asOf, historyLimit } = node;
  const source = lowerSource(
    node.route,
    { rows: 'all', clauses: { ...(history && { history }), ...(asOf && { asOf }) } },
    context,
  );
  if (rowShape(source) !== 'drop') {
    fail('TYPE_ERROR', `'${node.route.path}' gives columns; get needs drops`, {
      span: node.route.span,
      hint: `find ${node.route.path} where …`,
    });
  }
  const filtered: Relation = { kind: 'Filter', input: source, predicate: keyEquals(node), span };
  if (!history) {
    return { kind: 'Query', shape: 'drop', relation: slice(filtered, 1, true, span), span };
  }
  const relation = historyLimit
    ? slice(filtered, lowerNumber(historyLimit, 'count', 'limit'), false, historyLimit.span)
    : filtered;
  return { kind: 'Query', shape: 'versions', relation, span };
}

function keyEquals(node: Get): Expression {
  const { span } = node.key;
  const key = lowerKey(node.key);
  return {
    kind: 'Cmp',
    op: '=',
    left: { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span },
    right: typeof key === 'string' ? { kind: 'Lit', value: key, span } : key,
    span,
  };
}

function slice(
  input: Relation,
  limit: ReturnType<typeof lowerNumber>,
  single: boolean,
  span: Span,
): Relation {
  return { kind: 'Slice', input, offset: 0, limit, single, paged: false, span };
}
