import { fail } from '@drops/diagnostics';
import {
  respan,
  rewriteRelation,
  rowShape,
  type AsOfPoint,
  type Field,
  type Relation,
  type Scan,
} from '@drops/ir';
import type { AsOf, Clauses, RouteName } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerRoute } from '../routes.js';
import { lowerNumber, lowerText } from '../values.js';

/** How deep views may stand on views. */
const maxViewDepth = 16;

/** `as of "2026-01-01"`, `as of tx 42`. */
export function lowerAsOf(node: AsOf): AsOfPoint {
  if (node.at.kind === 'Transaction') {
    return { kind: 'Tx', tx: lowerNumber(node.at.tx, 'tx', 'tx'), span: node.span };
  }
  return { kind: 'Time', at: lowerText(node.at, 'time', 'the time'), span: node.span };
}

export interface SourceOptions {
  readonly rows: Scan['rows'];
  readonly clauses: Pick<Clauses, 'history' | 'asOf'>;
  /** Part of a view's definition: views whose rows are drops stay names, so that they can be redefined. */
  readonly definition?: string | undefined;
}

/** The source of a query: its route, or the relation of the view of that name. */
export function lowerSource(node: RouteName, options: SourceOptions, context: LowerContext): Relation {
  const route = lowerRoute(node);
  const { history, asOf } = options.clauses;
  const scan: Scan = {
    kind: 'Scan',
    route,
    subtree: node.subtree,
    versions: history ? 'history' : 'current',
    rows: options.rows,
    ...(asOf && { asOf: lowerAsOf(asOf) }),
    span: node.span,
  };
  const start = options.definition === undefined ? [] : [options.definition];
  if (!isViewName(node, context)) {
    if (start.includes(route) && !node.subtree) failCycle([...start, route], node);
    return scan;
  }
  const inlined = inlineView(scan, start, context);
  if (history) {
    fail('TYPE_ERROR', `history reads a route; '${route}' is a view`, { span: node.span });
  }
  if (rowShape(inlined) !== 'drop') return inlined;
  if (options.definition !== undefined) return scan;
  return options.rows === 'entities' ? entitiesOf(inlined) : inlined;
}

/** Leaves events out of the rows of a view. */
function entitiesOf(input: Relation): Relation {
  const { span } = input;
  const key: Field = { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span };
  return { kind: 'Filter', input, predicate: { kind: 'Exists', operand: key, negated: false, span }, span };
}

function isViewName(node: RouteName, context: LowerContext): boolean {
  return !node.subtree && !node.path.includes('/') && context.catalog.view(node.path) !== undefined;
}

function failCycle(names: readonly string[], node: { readonly span: Scan['span'] }): never {
  fail('TYPE_ERROR', `the view '${names.at(-1)}' would read itself: ${names.join(' → ')}`, {
    span: node.span,
  });
}

/** The relation of a view, with the views it reads; its own paging is no page of the query around it. */
function inlineView(scan: Scan, within: readonly string[], context: LowerContext): Relation {
  const relation = context.catalog.view(scan.route);
  if (relation === undefined || scan.subtree || scan.route.includes('/')) {
    if (within.includes(scan.route) && !scan.subtree) failCycle([...within, scan.route], scan);
    return scan;
  }
  if (within.includes(scan.route)) failCycle([...within, scan.route], scan);
  if (within.length >= maxViewDepth) {
    fail('QUERY_TOO_COMPLEX', `views stand on views more than ${maxViewDepth} deep: ${within.join(' → ')}`, {
      span: scan.span,
    });
  }
  const names = [...within, scan.route];
  return rewriteRelation(respan(relation, scan.span), {
    relation: (inner) => {
      if (inner.kind === 'Slice') return inner.paged ? { ...inner, paged: false } : inner;
      if (inner.kind !== 'Scan') return inner;
      const timed = scan.asOf && !inner.asOf ? { ...inner, asOf: scan.asOf } : inner;
      return inlineNested({ ...timed, view: scan.route }, names, context);
    },
  });
}

/** A view inside a view was kept as a name because its rows were drops; they must still be. */
function inlineNested(scan: Scan, names: readonly string[], context: LowerContext): Relation {
  const relation = inlineView(scan, names, context);
  if (relation !== scan && rowShape(relation) !== 'drop') {
    fail(
      'TYPE_ERROR',
      `the view '${names.at(-1)}' needs whole drops of '${scan.route}', which now gives columns`,
      {
        span: scan.span,
        hint: `define '${names.at(-1)}' again`,
      },
    );
  }
  return relation;
}
