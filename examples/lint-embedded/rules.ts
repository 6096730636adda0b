import { nearest } from '@drops/diagnostics';
import type { AstNode, Find } from '@drops/syntax';

export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly hint?: string;
  readonly span: { readonly start: number; readonly end: number };
}

export interface Settings {
  /** The routes that exist. */
  readonly routes: readonly string[];
}

/** A rule looks at one node and says what it minds about it. */
type Rule = (node: AstNode, settings: Settings) => Finding | undefined;

/** Rows of a find end up in a reply or a file: without a bound that may be all there are. */
function isBounded({ clauses, pipes }: Find): boolean {
  const sums = clauses.aggregates !== undefined || clauses.group !== undefined;
  return sums || clauses.limit !== undefined || pipes.some(({ kind }) => bounding.has(kind));
}

const bounding: ReadonlySet<string> = new Set([
  'FirstPipe',
  'LimitPipe',
  'CountPipe',
  'RemovePipe',
  'SavePipe',
]);

const findWithoutLimit: Rule = (node) =>
  node.kind === 'Find' && !isBounded(node) && node.clauses.view === undefined
    ? {
        rule: 'find-without-limit',
        message: `find ${node.route.path} may return every row`,
        hint: 'add limit 100',
        span: node.route.span,
      }
    : undefined;

const unknownRoute: Rule = (node, { routes }) => {
  if (node.kind !== 'RouteName' || routes.includes(node.path)) return undefined;
  const likely = nearest(node.path, routes);
  return {
    rule: 'unknown-route',
    message: `there is no route ${node.path}`,
    ...(likely !== undefined && { hint: `did you mean ${likely}?` }),
    span: node.span,
  };
};

const removeEverything: Rule = (node) =>
  node.kind === 'Find' &&
  node.clauses.where === undefined &&
  node.pipes.some(({ kind }) => kind === 'RemovePipe')
    ? {
        rule: 'remove-everything',
        message: `this empties ${node.route.path}`,
        hint: 'add a where',
        span: node.span,
      }
    : undefined;

export const rules: readonly Rule[] = [findWithoutLimit, unknownRoute, removeEverything];
