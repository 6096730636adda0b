import {
  isRelation,
  mapExpressionChildren,
  walk,
  type Expression,
  type Field,
  type InQuery,
  type Mapper,
} from '@drops/ir';

/** Rewrites an expression bottom-up, leaving the queries of `in (find …)` alone; the same object when nothing changed. */
export function rewriteOwn(expression: Expression, visit: (e: Expression) => Expression): Expression {
  const mapper: Mapper = {
    plan: (plan) => plan,
    relation: (relation) => relation,
    expression: (e) => visit(mapExpressionChildren(e, mapper)),
    number: (value) => value,
    text: (value) => value,
  };
  return mapper.expression(expression);
}

/** Every field an expression reads from its own row. */
export function fieldsOf(expression: Expression): readonly Field[] {
  const fields: Field[] = [];
  walk(expression, (node) => {
    if (isRelation(node)) return 'skip';
    if (node.kind === 'Field') fields.push(node);
    return undefined;
  });
  return fields;
}

/** Every `in (find …)` of an expression, those inside their queries left out. */
export function subqueriesOf(expression: Expression): readonly InQuery[] {
  const found: InQuery[] = [];
  walk(expression, (node) => {
    if (isRelation(node)) return 'skip';
    if (node.kind === 'InQuery') found.push(node);
    return undefined;
  });
  return found;
}

/** True for expressions that only ever yield true or false. */
export function isPredicate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Cmp':
    case 'In':
    case 'InQuery':
    case 'Like':
    case 'Exists':
    case 'And':
    case 'Or':
    case 'Not':
      return true;
    case 'Lit':
      return typeof expression.value === 'boolean';
    default:
      return false;
  }
}
