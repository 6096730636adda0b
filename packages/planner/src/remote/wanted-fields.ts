import type { Field } from '@drops/ir';
import { fieldsOf } from '../expression-tree.js';
import type { PhysicalPlan } from '../physical-plan.js';
import { expressionsOf, inputsOf } from '../plan-tree.js';
import { shapeOf } from '../row-shape.js';

/** The top-level fields of the payload that are read of drops; undefined: whole drops are shown, or it is not known. */
export type WantedFields = ReadonlySet<string> | undefined;

/** The fields with those that some expressions over drops read. */
function withFields(wanted: ReadonlySet<string>, fields: readonly Field[]): WantedFields {
  const names = new Set(wanted);
  for (const { scope, path } of fields) {
    const [name] = path;
    if (scope === 'system') continue;
    if (scope !== 'payload' || typeof name !== 'string') return undefined;
    names.add(name);
  }
  return names;
}

/** What of the drops below a node is read by it and by what is above. */
export function wantedBelow(plan: PhysicalPlan, above: WantedFields): WantedFields {
  const inputs = inputsOf(plan);
  if (inputs.length !== 1 || !inputs.every((input) => shapeOf(input).kind === 'drops')) return undefined;
  const own = () => expressionsOf(plan).flatMap(fieldsOf);
  switch (plan.kind) {
    case 'ProjectRows':
      return plan.star ? undefined : withFields(new Set(), own());
    case 'GroupRows':
      return withFields(new Set(), own());
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
      return above && withFields(above, own());
    default:
      return undefined;
  }
}
