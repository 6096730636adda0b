import { invariant } from '@drops/diagnostics';
import { expressionText, type Field, type FieldScope } from '@drops/ir';
import { fieldsOf } from './expression-tree.js';
import type { PhysicalPlan, RowShape } from './physical-plan.js';
import { expressionsOf, inputsOf } from './plan-tree.js';
import { shapeOf } from './row-shape.js';

const scopesOf: { readonly [K in RowShape['kind']]: readonly FieldScope[] } = {
  drops: ['system', 'payload'],
  joined: ['system', 'payload', 'either', 'joined'],
  flat: ['column'],
};

/** The shape of the rows a node's own expressions read; order keys of a page may reach below projections. */
function readShape(plan: PhysicalPlan): RowShape | undefined {
  if (plan.kind === 'PageRows' || plan.kind === 'ResumeRows') return undefined;
  const [input] = inputsOf(plan);
  return input && shapeOf(input);
}

function faultOfField(field: Field, shape: RowShape): string | undefined {
  if (!scopesOf[shape.kind].includes(field.scope)) {
    return `${field.scope} field ${expressionText(field)} over ${shape.kind}`;
  }
  const isKnown = shape.kind !== 'flat' || shape.open || shape.columns.includes(String(field.path[0]));
  return isKnown ? undefined : `no column ${expressionText(field)}`;
}

/** Throws when no front end and no rule may have made this plan: our bug, never the user's. */
export function checkPlan(plan: PhysicalPlan, by: string): void {
  const shape = readShape(plan);
  if (shape) {
    for (const field of expressionsOf(plan).flatMap(fieldsOf)) {
      const fault = faultOfField(field, shape);
      if (fault !== undefined) invariant(false, `${by}: ${fault}`);
    }
  }
  if (plan.kind === 'TopRows') invariant(plan.count >= 0, `${by}: a negative count`);
  if (plan.kind === 'SliceRows' || plan.kind === 'PageRows') {
    invariant(plan.offset >= 0 && (plan.limit ?? 0) >= 0, `${by}: a negative slice`);
  }
  for (const input of inputsOf(plan)) checkPlan(input, by);
}
