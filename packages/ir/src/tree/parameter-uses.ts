import type { Expression, NumberArgument, TextArgument } from '../nodes/relational.js';
import type { Plan } from '../nodes/plans.js';
import {
  mapExpressionChildren,
  mapPlanChildren,
  mapRelationChildren,
  type Mapper,
  type TextRole,
} from './map-children.js';

/**
 * How a plan uses a parameter. `operand`: as a value that is compared, computed with or shown, so that a plan made for one
 * text or number fits any other. `value`: inside of a list, an object or as a key. `argument`: as a limit, a time, a cursor.
 */
export type ParameterUse = 'operand' | 'value' | 'argument';

const ranks: { readonly [U in ParameterUse]: number } = { operand: 0, value: 1, argument: 2 };

/** Every parameter of a plan with the use of it that binds it most. */
export function parameterUses(plan: Plan): ReadonlyMap<string, ParameterUse> {
  const uses = new Map<string, ParameterUse>();
  let inside = false;
  const note = (name: string, use: ParameterUse) => {
    const known = uses.get(name);
    if (known === undefined || ranks[known] < ranks[use]) uses.set(name, use);
  };
  const within = <T>(run: () => T): T => {
    const before = inside;
    inside = true;
    const result = run();
    inside = before;
    return result;
  };
  const expression = (node: Expression): Expression => {
    switch (node.kind) {
      case 'Param':
        note(node.name, inside ? 'value' : 'operand');
        return node;
      case 'List':
      case 'Object':
        return within(() => mapExpressionChildren(node, mapper));
      case 'In':
        expression(node.operand);
        within(() => expression(node.list));
        return node;
      default:
        return mapExpressionChildren(node, mapper);
    }
  };
  const argument = <A extends NumberArgument | TextArgument>(value: A, use: ParameterUse): A => {
    if (typeof value === 'object') note(value.name, use);
    return value;
  };
  const mapper: Mapper = {
    plan: (node) => mapPlanChildren(node, mapper),
    relation: (node) => {
      const before = inside;
      inside = false;
      const result = mapRelationChildren(node, mapper);
      inside = before;
      return result;
    },
    expression,
    number: (value) => argument(value, 'argument'),
    text: (value, role: TextRole) => argument(value, role === 'key' ? 'value' : 'argument'),
  };
  mapper.plan(plan);
  return uses;
}
