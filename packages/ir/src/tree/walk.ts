import type { Expression, NumberArgument, Relation, TextArgument } from '../nodes/relational.js';
import type { Plan } from '../nodes/plans.js';
import { mapExpressionChildren, mapPlanChildren, mapRelationChildren, type Mapper } from './map-children.js';

/** Any node of the tree. Parameters in number and text positions are visited as the `Param` they are. */
export type IrNode = Plan | Relation | Expression;
/** `skip`: not below this node. `stop`: nowhere any more. */
export type WalkStep = 'skip' | 'stop' | undefined | void;

/** Maps the children of whatever node it is. */
function mapChildren(node: IrNode, mapper: Mapper): void {
  if (isRelation(node)) mapRelationChildren(node, mapper);
  else if (isExpression(node)) mapExpressionChildren(node, mapper);
  else mapPlanChildren(node, mapper);
}

const relationKinds: ReadonlySet<string> = new Set<Relation['kind']>([
  'Scan',
  'Search',
  'FacetScan',
  'Filter',
  'Project',
  'Sort',
  'Slice',
  'Group',
  'Join',
]);
const expressionKinds: ReadonlySet<string> = new Set<Expression['kind']>([
  'Field',
  'Lit',
  'Param',
  'List',
  'Object',
  'Cmp',
  'In',
  'InQuery',
  'Like',
  'Exists',
  'And',
  'Or',
  'Not',
  'Arith',
  'Fn',
]);

/** True for relational nodes. */
export function isRelation(node: IrNode): node is Relation {
  return relationKinds.has(node.kind);
}
/** True for expressions. */
export function isExpression(node: IrNode): node is Expression {
  return expressionKinds.has(node.kind);
}

/**
 * Visits a node and everything below it, parents first, left to right.
 * Returns false when a visitor stopped the walk.
 */
export function walk(root: IrNode, visit: (node: IrNode) => WalkStep): boolean {
  let stopped = false;
  const go = <N extends IrNode>(node: N): N => {
    if (stopped) return node;
    const step = visit(node);
    if (step === 'stop') stopped = true;
    else if (step !== 'skip') mapChildren(node, mapper);
    return node;
  };
  const argument = <A extends NumberArgument | TextArgument>(value: A): A => {
    if (typeof value === 'object') go(value);
    return value;
  };
  const mapper: Mapper = { plan: go, relation: go, expression: go, number: argument, text: argument };
  go(root);
  return !stopped;
}
